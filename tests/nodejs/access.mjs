// Who asks: the certificate of the connection, the officer's token, the signature over the question.
// The recipe is proto/SIGNING.md; the reasons are those of error_reason.proto.

import { X509Certificate, createHash, createPublicKey, sign, verify } from "node:crypto";
import { decodeBase64url, isPlain, readObject } from "./strict.mjs";
import { Refusal } from "./wire.mjs";

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const SKEW_S = 30;
const LIFETIME_S = 12 * 3600;
const AHEAD_MS = 30_000;
const AGE_MS = 120_000;
const KINDS = { ES256: ["EC", "P-256", ["crv", "kty", "x", "y"]], EdDSA: ["OKP", "Ed25519", ["crv", "kty", "x"]] };

export const sha256 = (data) => createHash("sha256").update(data).digest();

/** Serve the hub of this federation alone; a connection outlives its certificate, so time counts too. */
export function requireHub(context, federationId) {
  const raw = context.sslPeerCertificate?.raw;
  const certificate = raw ? new X509Certificate(raw) : null;
  const names = certificate?.subjectAltName?.split(", ") ?? [];
  const uris = names.filter((name) => name.startsWith("URI:"));
  const isHub = uris.length === 1 && uris[0] === `URI:kalkan://${federationId}/hub`;
  const isClient = certificate?.keyUsage?.includes(CLIENT_AUTH) && !certificate.ca;
  if (!isHub || !isClient || new Date(certificate.validTo) <= new Date()) {
    throw new Refusal("PEER_FORBIDDEN", "this call is for the hub of this federation");
  }
}

/** Verify a token; return its claims. */
export function readToken(token, federation, now) {
  if (token.length < 1 || token.length > 8192) throw new Refusal("TOKEN_INVALID", "the token is missing or too long");
  const parts = token.split(".");
  const [header, claims] = readParts(parts);
  const member = federation.members.find((each) => each.issuer === claims.iss);
  const jwk = member?.token_keys.find((key) => key.kid === header.kid);
  if (!jwk) throw new Refusal("TOKEN_FOREIGN", "the token's issuer or key is not of this federation");
  const input = Buffer.from(`${parts[0]}.${parts[1]}`, "ascii");
  if (header.alg !== jwk.alg || !verifyBytes(jwk, input, parts[2])) {
    throw new Refusal("TOKEN_INVALID", "the token's signature does not hold");
  }
  requireClaims(claims, federation.id);
  requireTime(claims, now / 1000);
  return { ...claims, member: member.code };
}

function readParts(parts) {
  let header, claims;
  try {
    if (parts.length !== 3) throw new Error("three parts");
    [header, claims] = parts.slice(0, 2).map((part) => readObject(decodeBase64url(part)));
    decodeBase64url(parts[2]);
  } catch {
    throw new Refusal("TOKEN_INVALID", "the token cannot be read");
  }
  const right = Object.keys(header).sort().join() === "alg,kid,typ" && header.typ === "at+jwt" && header.alg in KINDS;
  if (!right || !isPlain(header.kid, 64)) throw new Refusal("TOKEN_INVALID", "the token's header is not alg, kid and typ");
  return [header, claims];
}

function requireClaims(claims, audience) {
  const seconds = ["iat", "exp", ...("nbf" in claims ? ["nbf"] : [])];
  const texts = ["sub", "client_id", "jti"].every((name) => isPlain(claims[name], 64));
  const times = seconds.every((name) => Number.isSafeInteger(claims[name]) && claims[name] >= 0);
  const life = claims.exp - claims.iat;
  const roles = Array.isArray(claims.roles) && claims.roles.length >= 1 && claims.roles.length <= 16;
  const bound = claims.cnf && Object.keys(claims.cnf).sort().join() === "jkt,x5t#S256";
  const holds = claims.aud === audience && texts && times && life > 0 && life <= LIFETIME_S && bound;
  if (!holds || !roles || !claims.roles.every((role) => isPlain(role, 32))) {
    throw new Refusal("TOKEN_INVALID", "a claim of the token is missing or against its limit");
  }
}

function requireTime(claims, now) {
  const early = now < Math.max(claims.iat, claims.nbf ?? 0) - SKEW_S;
  if (early || now >= claims.exp + SKEW_S) throw new Refusal("TOKEN_EXPIRED", "the token is not valid now");
}

/** Read the public query key that came with a question. */
export function readQueryKey(data) {
  try {
    if (data.length > 1024) throw new Error("too large");
    const jwk = readObject(data);
    const alg = Object.keys(KINDS).find((each) => KINDS[each][0] === jwk.kty && KINDS[each][1] === jwk.crv);
    const needed = KINDS[alg][2];
    const known = Object.keys(jwk).every((name) => [...needed, "kid", "alg", "use"].includes(name));
    const right = needed.slice(2).every((name) => decodeBase64url(jwk[name]).length === 32);
    if (!known || !right || (jwk.alg ?? alg) !== alg || (jwk.use ?? "sig") !== "sig") throw new Error("not accepted");
    createPublicKey({ key: jwk, format: "jwk" });
    const canonical = JSON.stringify(Object.fromEntries(needed.map((name) => [name, jwk[name]])));
    return { ...jwk, alg, thumbprint: sha256(canonical).toString("base64url") };
  } catch {
    throw new Refusal("SIGNATURE_INVALID", "the public key is not a JWK that is accepted");
  }
}

/** Check the officer's signature over the bytes of a question. */
export function requireSignature(query, signature, key) {
  const [head, raw, ...rest] = signature.split("..");
  let header = {};
  try {
    if (signature.length > 1024 || rest.length) throw new Error("form");
    header = readObject(decodeBase64url(head));
    decodeBase64url(raw);
  } catch {
    throw new Refusal("SIGNATURE_INVALID", "the signature is not a detached JWS");
  }
  const { alg, typ, b64, crit, kid = key.kid, ...others } = header;
  const form = b64 === false && Array.isArray(crit) && crit.join() === "b64" && !Object.keys(others).length;
  const meant = typ === "kalkan-query+jws" && alg === key.alg && [undefined, key.kid, key.thumbprint].includes(kid);
  const input = Buffer.concat([Buffer.from(`${head}.`, "ascii"), query]);
  if (!form || !meant || !verifyBytes(key, input, raw)) {
    throw new Refusal("SIGNATURE_INVALID", "the signature does not hold over this question");
  }
}

function verifyBytes(jwk, input, signature) {
  const data = Buffer.from(signature, "base64url");
  if (data.length !== 64) return false;
  const { kty, crv, x, y } = jwk;
  const key = createPublicKey({ key: y ? { kty, crv, x, y } : { kty, crv, x }, format: "jwk" });
  return verify(jwk.alg === "ES256" ? "sha256" : null, input, { key, dsaEncoding: "ieee-p1363" }, data);
}

/** Sign the bytes of an answer; return the detached JWS. */
export function signAnswer(key, { kid, alg }, answer, typ = "kalkan-answer+jws") {
  const header = JSON.stringify({ alg, b64: false, crit: ["b64"], kid, typ });
  const head = Buffer.from(header).toString("base64url");
  const input = Buffer.concat([Buffer.from(`${head}.`, "ascii"), answer]);
  const raw = sign(alg === "ES256" ? "sha256" : null, input, { key, dsaEncoding: "ieee-p1363" });
  return `${head}..${raw.toString("base64url")}`;
}

/** Check that a question was made for this federation, with this token and key, and just now. */
export function requireBinding(query, request, claims, key, federation) {
  if (key.thumbprint !== claims.cnf.jkt) throw new Refusal("TOKEN_UNBOUND", "the token is bound to another query key");
  requireSignature(request.query, request.signature, key);
  if (query.federationId !== federation.id) {
    throw new Refusal("FEDERATION_WRONG", "the query is for another federation", { field: "federation_id" });
  }
  if (!sha256(request.token).equals(Buffer.from(query.tokenSha256))) {
    throw new Refusal("TOKEN_UNBOUND", "the query was made with another token", { field: "token_sha256" });
  }
  const age = Date.now() - timeOf(query);
  if (age < -AHEAD_MS) throw new Refusal("QUERY_STALE", "the query's time is in the future", { limit: "30 s ahead" });
  if (age > AGE_MS) throw new Refusal("QUERY_STALE", "the query is too old", { limit: "120 s old" });
}

/** The time of a question in milliseconds since 1970. */
export const timeOf = (query) => query.time.seconds * 1000 + query.time.nanos / 1_000_000;

/** Accepts a nonce once per bank; the same bytes again are the same search. */
export class Nonces {
  #seen = new Map();

  admit(bank, nonce, digest, now = Date.now()) {
    for (const [key, old] of this.#seen) {
      if (old.until > now) break;
      this.#seen.delete(key);
    }
    const key = `${bank} ${nonce}`;
    const known = this.#seen.get(key);
    if (known && known.digest !== digest) throw new Refusal("NONCE_REUSED", "the nonce was used with other bytes");
    if (!known) this.#seen.set(key, { digest, until: now + AGE_MS + AHEAD_MS });
  }
}
