// A complete node: `node node.mjs NODE.TOML PROTO_FOLDER BANK.JSON`. Prints "ready" when it listens.
//
// Every search is identified, permitted and recorded here, by the officer's own token and signature
// and by the owner's own rules; the hub's word counts for nothing. What is answered is signed.

import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import grpc from "@grpc/grpc-js";
import { parse } from "smol-toml";
import { Nonces, readQueryKey, readToken, requireBinding, requireHub, sha256, signAnswer, timeOf } from "./access.mjs";
import { Bank, STATE, refuse, release } from "./bank.mjs";
import { Ledger } from "./ledger.mjs";
import { readQuestion } from "./question.mjs";
import { Refusal, readContract, statusOf, timestamp } from "./wire.mjs";

const MARGIN_MS = 50;
const TIMED_OUT = 4;
const POLICY = "js-1";

class Node {
  #nonces = new Nonces();

  constructor({ settings, federation, contract, bank, key, ledger }) {
    Object.assign(this, { settings, federation, contract, bank, key, ledger });
    this.member = federation.members.find((each) => each.code === settings.member);
    ledger.restore(this.#nonces);
  }

  describe() {
    const description = { member: this.member.code, banks: [this.bank.describe()], policyEpoch: POLICY };
    return this.contract.encode("DescribeResponse", { ...description, software: "kalkan-node-example 0.1.0" });
  }

  async search(data, call) {
    const request = this.contract.decode("NodeServiceSearchRequest", data);
    if (request.bank !== this.bank.name) throw new Refusal("BANK_UNKNOWN", "this bank is not here", { field: "bank" });
    const started = Date.now();
    const query = readQuestion(this.contract, request.query);
    const digest = sha256(request.query);
    const claims = this.#identify(request, query, digest);
    const answer = this.#begin(query, digest);
    const facts = this.#facts(query, digest, claims);
    answer.refusal = refuse(query, claims);
    if (answer.refusal) answer.state = STATE.REFUSED;
    this.ledger.write("INTENT", facts);
    if (!answer.refusal) await this.#look(query, answer, call, started);
    return this.#finish(answer, facts, started);
  }

  #identify(request, query, digest) {
    const claims = readToken(request.token, this.federation, Date.now());
    const key = readQueryKey(request.publicKey);
    requireBinding(query, request, claims, key, this.federation);
    this.#requireTarget(query);
    const nonce = Buffer.from(query.nonce).toString("hex");
    this.#nonces.admit(this.bank.name, nonce, digest.toString("hex"));
    return claims;
  }

  // The request's bank is the hub's word; the signed targets are the officer's.
  #requireTarget(query) {
    const code = this.member.code;
    const circles = this.federation.projects.filter((each) => each.members.includes(code)).map((each) => each.name);
    const here = { project: circles, member: [code], bank: [this.bank.name] };
    const isHere = query.targets.some((target) => here[target.target].includes(target[target.target]));
    if (!isHere) throw new Refusal("TARGET_UNKNOWN", "the question does not name this bank", { field: "targets[0]" });
  }

  #begin(query, digest) {
    return {
      federationId: this.federation.id,
      member: this.member.code,
      bank: this.bank.name,
      querySha256: digest,
      state: STATE.NO_HIT,
      hits: [],
      tallies: [],
      granularity: query.granularity,
      policyEpoch: POLICY,
    };
  }

  #facts(query, digest, claims) {
    const nonce = Buffer.from(query.nonce).toString("hex");
    const who = { who: claims.sub, requester_member: claims.member, token_id: claims.jti };
    const asked = new Date(timeOf(query)).toISOString();
    return { bank: this.bank.name, query_sha256: digest.toString("hex"), nonce, asked, purpose: query.purpose, ...who };
  }

  async #look(query, answer, call, started) {
    const ends = Math.min(started + query.deadlineMs, Number(call.getDeadline())) - MARGIN_MS;
    let timer;
    const late = new Promise((tell) => (timer = setTimeout(tell, Math.max(0, ends - Date.now()), "late")));
    const end = await Promise.race([this.#searchAll(query, answer), late]).finally(() => clearTimeout(timer));
    if (end) Object.assign(answer, { state: end === "late" ? TIMED_OUT : end, hits: [], tallies: [], truncated: false });
  }

  async #searchAll(query, answer) {
    const found = await Promise.all(query.probes.map((probe) => this.bank.search(probe)));
    if (found.includes(null)) return STATE.NOT_CAPABLE;
    found.forEach((records, index) => release(answer, this.bank, index, records, query.limit));
    return null;
  }

  #finish(answer, facts, started) {
    const now = Date.now();
    answer.time = timestamp(now);
    answer.elapsed = timestamp(now - started);
    const data = this.contract.encode("Answer", answer);
    const digest = sha256(data);
    const index = this.ledger.write("OUTCOME", { ...facts, state: answer.state, answer_sha256: digest.toString("hex") });
    const signature = signAnswer(this.key, this.member.answer_keys[0], data);
    return this.contract.encode("NodeServiceSearchResponse", { answer: data, signature, ...this.#attest(answer, digest, index) });
  }

  // The same without what was found, for the receipt.
  #attest({ federationId, bank, querySha256, state, truncated, policyEpoch, time }, answerSha256, ledgerIndex) {
    const said = { federationId, bank, querySha256, state, truncated, policyEpoch, time, answerSha256, ledgerIndex };
    const attestation = this.contract.encode("Attestation", said);
    const key = this.member.answer_keys[0];
    return { attestation, attestationSignature: signAnswer(this.key, key, attestation, "kalkan-attestation+jws") };
  }
}

// Messages stay bytes on both sides: a malformed one is refused by us, and what is signed is what is sent.
const method = (name) => ({
  path: `/kalkan.v1.NodeService/${name}`,
  requestStream: false,
  responseStream: false,
  requestSerialize: (data) => data,
  requestDeserialize: (data) => data,
  responseSerialize: (data) => data,
  responseDeserialize: (data) => data,
});

function handle(node, name, run) {
  return async (call, respond) => {
    try {
      requireHub(call.getAuthContext(), node.federation.id);
      respond(null, await run(call.request, call));
    } catch (error) {
      // The text of an unforeseen error could hold a value of a question: the caller gets none of it.
      const refusal = error instanceof Refusal ? error : new Refusal("INTERNAL", "something failed inside");
      if (refusal !== error) console.error(name, error.constructor.name, error.stack?.split("\n")[1]?.trim());
      respond(statusOf(record(node, name, refusal)));
    }
  };
}

function record(node, name, refusal) {
  try {
    node.ledger.write("REFUSAL", { method: name, reason: refusal.reason });
    return refusal;
  } catch (broken) {
    return broken;
  }
}

function open([settingsPath, protoFolder, bankPath]) {
  const settings = parse(readFileSync(settingsPath, "utf8"));
  const at = (path) => resolve(dirname(settingsPath), path);
  const federationPath = at(settings.federation);
  const federation = { projects: [], ...parse(readFileSync(federationPath, "utf8")) };
  const contact = federation.members.find((each) => each.code === settings.member).contact;
  const node = new Node({
    settings,
    federation,
    contract: readContract(protoFolder),
    bank: new Bank(bankPath, settings.member, contact),
    key: createPrivateKey(readFileSync(at(settings.answer_key))),
    ledger: new Ledger(at(settings.ledger)),
  });
  const pair = { cert_chain: readFileSync(at(settings.certificate)), private_key: readFileSync(at(settings.key)) };
  const ca = readFileSync(resolve(dirname(federationPath), federation.ca));
  return { node, credentials: grpc.ServerCredentials.createSsl(ca, [pair], true), address: settings.listen };
}

function serve({ node, credentials, address }) {
  const server = new grpc.Server({ "grpc.max_receive_message_length": 1_048_576 });
  server.addService(
    { Describe: method("Describe"), Search: method("Search") },
    {
      Describe: handle(node, "Describe", () => node.describe()),
      Search: handle(node, "Search", (data, call) => node.search(data, call)),
    },
  );
  server.bindAsync(address, credentials, (error) => {
    if (error) throw error;
    console.log("ready");
  });
  process.once("SIGTERM", () => server.tryShutdown(() => node.ledger.close()));
}

serve(open(process.argv.slice(2)));
