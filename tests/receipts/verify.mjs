// Verifies a receipt file: `node verify.mjs FILE FEDERATION.TOML`. Ends with 0 where all is proved,
// 1 where something is wrong, 3 where the proof is pending. Written from docs/receipts.md and the
// standards alone; Node.js without packages; no code of the project.

import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

class Wrong extends Error {}
const require = (holds, text) => {
  if (!holds) throw new Wrong(text);
};
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const STATES = ["", "answered", "no_hit", "refused", "timed_out", "unavailable", "suspended", "not_capable", "faulty", "not_asked"];
const SEARCHED = new Set(["answered", "no_hit"]);

// --- the federation file: tables, arrays of tables, and values that are JSON too ---------------
function readToml(text) {
  const root = {};
  let table = root;
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (!line || line.startsWith("#")) continue;
    if (line.startsWith("[")) table = enter(root, line.replace(/[[\]]/g, "").split("."), line.startsWith("[["));
    else table[line.slice(0, line.indexOf("=")).trim()] = JSON.parse(line.slice(line.indexOf("=") + 1));
  }
  return root;
}
function enter(root, names, isArray) {
  const last = names.pop();
  const parent = names.reduce((at, name) => (Array.isArray(at[name]) ? at[name].at(-1) : at[name]), root);
  if (!isArray) return (parent[last] = {});
  (parent[last] ??= []).push({});
  return parent[last].at(-1);
}

// --- protobuf: field numbers to lists of values ---------------------------------------------------
function readMessage(data) {
  const fields = {};
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      require(at < data.length && shift < 70n, "broken protobuf");
      const byte = data[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const tag = Number(varint());
    let value;
    if ((tag & 7) === 0) value = varint();
    else {
      require((tag & 7) === 2, "a wire type that no message here has");
      const size = Number(varint());
      require(at + size <= data.length, "broken protobuf");
      value = data.subarray(at, (at += size));
    }
    (fields[tag >> 3] ??= []).push(value);
  }
  return fields;
}
const bytes = (message, field) => message[field]?.at(-1) ?? Buffer.alloc(0);
const text = (message, field) => bytes(message, field).toString("utf8");
const number = (message, field) => message[field]?.at(-1) ?? 0n;

// --- signatures -----------------------------------------------------------------------------------
function requireJws(payload, signature, typ, keys) {
  const parts = signature.split(".");
  require(parts.length === 3 && parts[1] === "", `${typ}: no detached JWS`);
  const header = JSON.parse(Buffer.from(parts[0], "base64url"));
  const key = keys.find((each) => each.kid === header.kid);
  require(key && header.typ === typ && header.b64 === false && `${header.crit}` === "b64", `${typ}: not for this`);
  require(header.alg === key.alg, `${typ}: another algorithm`);
  const input = Buffer.concat([Buffer.from(`${parts[0]}.`), payload]);
  const { kty, crv, x, y } = key;
  const handle = { key: createPublicKey({ format: "jwk", key: { kty, crv, x, y } }), dsaEncoding: "ieee-p1363" };
  const holds = verify(key.alg === "ES256" ? "sha256" : null, input, handle, Buffer.from(parts[2], "base64url"));
  require(holds, `${typ}: the signature does not hold`);
}
function readVkey(line) {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line);
  const data = Buffer.from(encoded, "base64");
  require(sha256(`${name}\n`, data).subarray(0, 4).toString("hex") === id, "a key with a wrong id");
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), data.subarray(1)]);
  return { name, id, type: data[0], key: createPublicKey({ key: der, format: "der", type: "spki" }) };
}
/** Whether a key has signed a note; a signature under its name that does not hold is an error. */
function hasSigned(note, vkey) {
  const mine = note.lines.filter((each) => each.name === vkey.name && each.id === vkey.id);
  for (const { data } of mine) {
    const signed = vkey.type === 4 ? `cosignature/v1\ntime ${data.readBigUInt64BE()}\n${note.text}` : note.text;
    const raw = vkey.type === 4 ? data.subarray(8) : data;
    require(verify(null, Buffer.from(signed), vkey.key, raw), `${vkey.name}: the signature does not hold`);
  }
  return mine.length > 0;
}
function readNote(whole) {
  const at = whole.lastIndexOf("\n\n");
  const lines = whole.slice(at + 2, -1).split("\n").map((line) => {
    const found = /^— (\S+) (\S+)$/.exec(line);
    require(found, "a line that is no signature");
    const data = Buffer.from(found[2], "base64");
    return { name: found[1], id: data.subarray(0, 4).toString("hex"), data: data.subarray(4) };
  });
  return { text: whole.slice(0, at + 1), lines };
}

// --- the proof ------------------------------------------------------------------------------------
/** RFC 9162, section 2.1.3.2. */
function requireInclusion(entry, index, path, size, root) {
  require(index < size, "the log has no such entry");
  let fn = index;
  let sn = size - 1n;
  let r = sha256(Buffer.of(0), entry);
  for (const p of path) {
    require(sn !== 0n, "the proof is too long");
    if (fn & 1n || fn === sn) {
      r = sha256(Buffer.of(1), p, r);
      while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else r = sha256(Buffer.of(1), r, p);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  require(sn === 0n && r.equals(root), "the entry is not proved to be in the log");
}
function panelOf(federation) {
  const chosen = federation.hub.witnessing ?? federation.witnessing;
  if (!chosen) return { keys: [], quorum: 0 };
  const able = federation.members.filter((each) => each.witness_vkey);
  const origin = `kalkan.example/${federation.id}/HUB`;
  const rank = (each) => sha256(`${origin}\n${each.code}`).toString("hex");
  const ranked = able.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, chosen.count ?? 3);
  const members = chosen.witnesses?.length ? able.filter((each) => chosen.witnesses.includes(each.code)) : ranked;
  const lines = [...members.map((each) => each.witness_vkey), ...(chosen.foreign ?? []).map((each) => each.vkey)];
  return { keys: [...new Set(lines)].map(readVkey), quorum: chosen.quorum ?? 2 };
}
function requireProof(file, receipt, federation) {
  const proof = Buffer.from(file.proof, "base64").toString("utf8");
  const at = proof.indexOf("\n\n");
  const [head, ...lines] = proof.slice(0, at).split("\n");
  if (lines[0].startsWith("extra ")) lines.shift();
  require(head === "c2sp.org/tlog-proof@v1" && lines[0].startsWith("index "), "no tlog-proof");
  const index = BigInt(lines[0].slice(6));
  require(index === number(receipt, 9), "the proof is of another entry");
  const note = readNote(proof.slice(at + 2));
  const [origin, size, root] = note.text.split("\n");
  const log = readVkey(federation.hub.ledger_vkey);
  require(origin === log.name && hasSigned(note, log), "the log has not signed");
  const path = lines.slice(1).map((line) => Buffer.from(line, "base64"));
  requireInclusion(Buffer.from(file.entry, "base64"), index, path, BigInt(size), Buffer.from(root, "base64"));
  const { keys, quorum } = panelOf(federation);
  const signers = keys.filter((key) => hasSigned(note, key));
  require(signers.length >= quorum, "too few witnesses have signed");
  return signers.length;
}

// --- the receipt ----------------------------------------------------------------------------------
function requireNode(coverage, receipt, federation) {
  const attestation = bytes(coverage, 8);
  const bank = text(coverage, 1);
  if (!attestation.length) {
    const alone = SEARCHED.has(STATES[number(coverage, 2)]) && !bytes(coverage, 3).length;
    return require(!alone, `${bank}: the hub alone says that it has searched`);
  }
  const member = federation.members.find((each) => each.code === bank.split("/")[0]);
  requireJws(attestation, text(coverage, 9), "kalkan-attestation+jws", member?.answer_keys ?? []);
  const said = readMessage(attestation);
  const same = text(said, 1) === federation.id && text(said, 2) === bank && bytes(said, 3).equals(bytes(receipt, 3));
  const ended = number(said, 4) === number(coverage, 2) && bytes(said, 5).equals(bytes(coverage, 3));
  const rest = number(said, 6) === number(coverage, 4) && text(said, 7) === text(coverage, 6);
  require(same && ended && rest, `${bank}: its node has attested something else`);
}
function meantBanks(targets, federation) {
  return targets.flatMap((target) => {
    if (target.includes("/")) return [target];
    const project = (federation.projects ?? []).find((each) => each.name === target);
    const codes = /^[A-Z]{3}$/.test(target) ? [target] : project?.members;
    require(codes, "a target is not known");
    return federation.members.filter((each) => codes.includes(each.code)).flatMap((each) => each.banks ?? []);
  });
}
function requireEntry(file, receipt, asked) {
  const entry = JSON.parse(Buffer.from(file.entry, "base64").toString("utf8"));
  const same = entry.kind === "OUTCOME" && entry.search_id === text(receipt, 2);
  require(same && entry.query_sha256 === bytes(receipt, 3).toString("hex"), "the entry is of another search");
  require(`${[...entry.targets].sort()}` === `${[...file.targets].sort()}`, "the entry names other targets");
  const ends = entry.states.map((each) => `${each.bank} ${each.state}`).sort();
  const covered = asked.map((each) => `${text(each, 1)} ${STATES[number(each, 2)]}`).sort();
  require(`${ends}` === `${covered}`, "the entry says otherwise how the banks ended");
}
function check(file, federation) {
  require(file.format === "kalkan-receipt/1", "another format");
  const data = Buffer.from(file.receipt, "base64");
  requireJws(data, file.receipt_signature, "kalkan-receipt+jws", federation.hub.receipt_keys);
  const receipt = readMessage(data);
  require(text(receipt, 1) === federation.id, "the receipt is of another federation");
  require(text(receipt, 2) === bytes(receipt, 3).subarray(0, 16).toString("hex"), "another search");
  const coverage = (receipt[4] ?? []).map(readMessage);
  const asked = coverage.filter((each) => STATES[number(each, 2)] !== "not_asked");
  const banks = asked.map((each) => text(each, 1));
  require(new Set(banks).size === banks.length, "a bank twice");
  for (const each of coverage) requireNode(each, receipt, federation);
  const whole = asked.every((each) => ["answered", "no_hit", "not_capable"].includes(STATES[number(each, 2)]));
  require((number(receipt, 5) === 1n) === (asked.length > 0 && whole), "the completeness does not fit the banks");
  for (const bank of meantBanks(file.targets, federation)) require(banks.includes(bank), `${bank}: left out`);
  if (!file.proof) return undefined;
  requireEntry(file, receipt, asked);
  return requireProof(file, receipt, federation);
}

const [path, federation] = process.argv.slice(2).map((each) => readFileSync(each, "utf8"));
try {
  const witnesses = check(JSON.parse(path), readToml(federation));
  console.log(witnesses === undefined ? "pending" : `proved, ${witnesses} witnesses`);
  process.exitCode = witnesses === undefined ? 3 : 0;
} catch (error) {
  if (!(error instanceof Wrong)) throw error;
  console.log(`wrong: ${error.message}`);
  process.exitCode = 1;
}
