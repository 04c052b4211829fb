// A bank of a few people in a JSON file, and what its owner lets out of it.

import { readFileSync } from "node:fs";
import { readMrz } from "./question.mjs";

const [EXISTS, COUNT, , RECORD] = [1, 2, 3, 4];
const STATE = { ANSWERED: 1, NO_HIT: 2, REFUSED: 3, NOT_CAPABLE: 7 };
const FIELD = { NAME: 1, BIRTH_DATE: 2, DOCUMENT: 6 };
const EXACT = 1;
const STRONG = 3;
const PURPOSE = { BORDER_CONTROL: 4, STOLEN_PROPERTY: 7 };
const SEARCHES = ["investigator", "analyst", "border", "contact_officer", "system"];

const nameKey = (name) =>
  name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().split(/[^\p{L}]+/u).filter(Boolean).sort().join(" ");
const codeKey = (text) => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");
const wholeName = (name) => name.full || [name.given, name.patronymic, name.family].filter(Boolean).join(" ");

/** A bank that is searched for persons by their whole name and for documents by their number. */
export class Bank {
  constructor(path, member, contact) {
    Object.assign(this, JSON.parse(readFileSync(path, "utf8")));
    Object.assign(this, { name: `${member}/${this.id}`, member, contact });
  }

  /** What the hub may know of the bank. */
  describe() {
    const { name: bank, title, contact } = this;
    const probes = [1, 2];
    const fields = [FIELD.NAME, FIELD.BIRTH_DATE, FIELD.DOCUMENT];
    return { bank, title, probes, kinds: [1], fields, engine: "json", contact, scripts: ["Cyrl", "Latn"], available: true };
  }

  /** Find records; null where the bank cannot search for this kind of probe. */
  async search(probe) {
    if (probe.probe === "person") {
      const wanted = probe.person.names.map((name) => nameKey(wholeName(name)));
      return this.people.filter((each) => wanted.includes(nameKey(each.name)) && bornThen(probe.person.birth, each));
    }
    if (probe.probe !== "document") return null;
    const { number, issuer } = probe.document.mrz.length ? readMrz(probe.document.mrz) : probe.document;
    const same = (each) => codeKey(each.passport) === codeKey(number) && (!issuer || issuer === this.member);
    return this.people.filter(same);
  }
}

function bornThen(birth, { born }) {
  if (!birth) return true;
  const parts = ({ year, month, day }, m, d) => [year, month || m, day || d].map((n) => String(n).padStart(4, "0")).join("-");
  const [first, last] = birth.date ? [birth.date, birth.date] : [birth.range.first, birth.range.last];
  const at = parts(born, 1, 1);
  return parts(first, 1, 1) <= at && at <= parts(last, 12, 31);
}

/** Decide by baseline and owner; return the rule that refuses, null where the search is permitted. */
export function refuse(query, claims) {
  const [probe] = query.probes;
  const may = claims.roles.some((role) => SEARCHES.includes(role)) && !claims.roles.includes("auditor");
  const names = probe.person?.names ?? [];
  const oneWord = names.length && !probe.person.birth && names.every((name) => wholeName(name).trim().split(/\s+/).length < 2);
  if (!may) return rule("baseline.role", "A search needs a role that may search.");
  if (query.purpose === PURPOSE.BORDER_CONTROL && !["person", "document"].includes(probe.probe)) {
    return rule("baseline.border", "Border control looks for travel documents and persons.");
  }
  if (query.purpose === PURPOSE.STOLEN_PROPERTY && !["document", "vehicle", "identifier"].includes(probe.probe)) {
    return rule("baseline.property", "The search for stolen property looks for things.");
  }
  return oneWord ? rule("baseline.single_name", "A person needs two name parts, or a birth date.") : null;
}

const rule = (name, text) => ({ rule: name, text, contact: { office: "Federation Secretariat" } });

/** Put what the granularity lets out of the records found for one probe into an answer. */
export function release(answer, bank, probeIndex, records, limit) {
  if (!records.length) return;
  answer.state = STATE.ANSWERED;
  if (answer.granularity <= COUNT) {
    answer.tallies.push({ probeIndex, count: answer.granularity === EXISTS ? 0 : records.length });
    return;
  }
  answer.truncated ||= records.length > limit;
  answer.hits.push(...records.slice(0, limit).map((each) => hitOf(bank, each, probeIndex, answer.granularity)));
}

function hitOf(bank, person, probeIndex, granularity) {
  const handling = { tlp: 3, europol: [2], confirmFirst: true };
  const { member: owner, name: bankName, contact } = bank;
  const record = { owner, bank: bankName, reference: person.reference, kind: 1, contact, handling };
  const hit = { probeIndex, record, score: 1, band: STRONG };
  if (granularity < RECORD) return hit;
  record.fields = [
    { field: FIELD.NAME, name: { full: person.name, kind: 1 }, handling },
    { field: FIELD.BIRTH_DATE, date: person.born, handling },
    { field: FIELD.DOCUMENT, document: { number: person.passport, kind: 1, issuer: owner }, handling },
  ];
  return { ...hit, reasons: [{ field: FIELD.NAME, verdict: EXACT, score: 1, detail: "whole name or number" }] };
}

export { STATE };
