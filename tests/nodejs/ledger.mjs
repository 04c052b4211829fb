// An append-only file of what was asked and how it ended, on disk before anything is answered. It
// holds no name and no number. A node in service keeps a transparency log instead.

import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "./wire.mjs";

export class Ledger {
  #file;
  #path;
  #count;

  constructor(folder) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#path = join(folder, "entries.jsonl");
  }

  /** Tell an admitter of nonces what was asked within the window before a restart. */
  restore(nonces) {
    const lines = existsSync(this.#path) ? readFileSync(this.#path, "utf8").split("\n") : [];
    for (const line of lines.filter((each) => each.includes('"kind":"INTENT"'))) {
      const { bank, nonce, query_sha256: digest, time } = JSON.parse(line);
      nonces.admit(bank, nonce, digest, Date.parse(time));
    }
    this.#count = lines.filter(Boolean).length;
    this.#file = openSync(this.#path, "a", 0o600);
  }

  /** Write an entry, wait until it is on disk, and return its number. */
  write(kind, facts) {
    try {
      writeSync(this.#file, `${JSON.stringify({ kind, time: new Date().toISOString(), ...facts })}\n`);
      fdatasyncSync(this.#file);
      return this.#count++;
    } catch {
      throw new Refusal("LEDGER_UNAVAILABLE", "the ledger cannot write: nothing is answered");
    }
  }

  close() {
    closeSync(this.#file);
  }
}
