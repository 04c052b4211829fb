// The limits of a question, as model.proto states them. Checking changes nothing of its bytes.

import { isPlain } from "./strict.mjs";
import { Refusal } from "./wire.mjs";

export const MAX_QUERY = 131_072;
const JOINERS = /[\u200c\u200d]/gu;

function require(holds, field, limit, reason = "FIELD_INVALID") {
  if (!holds) throw new Refusal(reason, `${field} must be ${limit}`, { field, limit });
}

// Zero-width joiners are part of correct spelling in Persian and Indic scripts.
const isText = (text, most, least = 0) => isPlain(text.replace(JOINERS, "j"), most, least);
const isCountry = (code) => code === "" || /^[A-Z]{1,3}$/.test(code);
const isCode = (text, most, least) => isText(text, most, least) && /[\p{L}\p{N}]/u.test(text);

/** Decode and check a serialised Query. */
export function readQuestion(contract, data) {
  require(data.length <= MAX_QUERY, "query", `at most ${MAX_QUERY} bytes`, "OVERSIZED");
  const query = contract.decode("Query", data);
  const isWord = (name, value) => Object.values(contract.words(name)).includes(value);
  require(isText(query.federationId, 64, 1), "federation_id", "1 to 64 characters");
  require(query.tokenSha256.length === 32, "token_sha256", "32 bytes");
  require(query.targets.length > 0, "targets", "present", "TARGETS_MISSING");
  require(query.targets.length <= 64, "targets", "at most 64");
  query.targets.forEach((target, at) =>
    require(target.target && isText(target[target.target], 64, 1), `targets[${at}]`, "1 to 64 characters"));
  require(query.purpose !== 0, "purpose", "present", "PURPOSE_MISSING");
  require(isWord("Purpose", query.purpose), "purpose", "a value of the contract");
  require(isWord("Granularity", query.granularity), "granularity", "a value of the contract");
  require(isText(query.caseReference, 64, 1), "case_reference", "1 to 64 characters");
  require(isText(query.justification?.offence ?? "", 200), "justification.offence", "at most 200 characters");
  require(isText(query.justification?.text ?? "", 500), "justification.text", "at most 500 characters");
  require(query.nonce.length === 16, "nonce", "16 bytes");
  require(query.time, "time", "present");
  require(query.limit <= 100, "limit", "1 to 100");
  requireProbes(query);
  return { ...query, deadlineMs: readDeadline(query), limit: query.limit || 20, granularity: query.granularity || 4 };
}

function readDeadline({ deadline }) {
  const milliseconds = deadline ? deadline.seconds * 1000 + deadline.nanos / 1_000_000 : 3000;
  require(milliseconds > 0 && milliseconds <= 30_000, "deadline", "more than 0 s, at most 30 s", "DEADLINE_INVALID");
  return milliseconds;
}

function requireProbes({ probes }) {
  const isBatch = probes.length > 1 && probes.length <= 200 && probes.every((each) => each.probe === "document");
  require(probes.length === 1 || isBatch, "probes", "exactly 1 probe, or 1 to 200 documents");
  probes.forEach((each, at) => {
    require(each.probe, `probes[${at}]`, "one kind of probe");
    CHECKS[each.probe](each[each.probe], `probes[${at}].${each.probe}`);
  });
}

/** Read number and issuer of a machine-readable zone (ICAO 9303); null where it is misread. */
export function readMrz(lines) {
  const shape = lines.map((line) => line.length).join();
  if (!["30,30,30", "36,36", "44,44"].includes(shape) || !lines.every((line) => /^[A-Z0-9<]+$/.test(line))) return null;
  const [field, digit] = shape === "30,30,30" ? [lines[0].slice(5, 14), lines[0][14]] : [lines[1].slice(0, 9), lines[1][9]];
  const values = [...field].map((each) => (each === "<" ? 0 : parseInt(each, 36)));
  const sum = values.reduce((total, value, at) => total + value * [7, 3, 1][at % 3], 0);
  const number = field.replaceAll("<", "");
  return number && String(sum % 10) === digit ? { number, issuer: lines[0].slice(2, 5).replaceAll("<", "") } : null;
}

const CHECKS = {
  person(person, field) {
    require(person.names.length >= 1 && person.names.length <= 8, `${field}.names`, "1 to 8 names");
    for (const name of person.names) {
      const parts = [name.given, name.family, name.patronymic];
      require(isText(name.full, 200), `${field}.names.full`, "at most 200 plain characters");
      require(parts.every((part) => isText(part, 100)), `${field}.names`, "at most 100 plain characters each");
      require(/\p{L}/u.test([name.full, ...parts].join("")), `${field}.names`, "names with letters");
    }
    require(person.nationalities.length <= 5 && person.nationalities.every(isCountry), `${field}.nationalities`, "codes");
    require(isText(person.place, 100), `${field}.place`, "at most 100 characters");
  },
  document(document, field) {
    if (document.mrz.length) {
      const right = !document.number && readMrz(document.mrz);
      return require(right, `${field}.mrz`, "a zone whose check digit is right", "MRZ_INVALID");
    }
    require(isCode(document.number, 30, 4), `${field}.number`, "4 to 30 characters");
    require(isCountry(document.issuer), `${field}.issuer`, "a code of 1 to 3 capitals");
  },
  vehicle(vehicle, field) {
    const { plate, vin } = vehicle;
    const right = (plate || vin) && (!plate || isCode(plate, 16, 2)) && (!vin || isCode(vin, 17, 5));
    require(right && isCountry(vehicle.country), field, "a vehicle with plate or vin");
  },
  organisation(organisation, field) {
    const { name, number } = organisation;
    const right = (name || number) && isText(name, 200) && (!number || isCode(number, 40, 1));
    require(right && isCountry(organisation.country), field, "an organisation with name or number");
  },
  identifier(identifier, field) {
    const right = identifier.kind >= 1 && identifier.kind <= 5 && isCode(identifier.value, 100, 3);
    require(right && isCountry(identifier.country), field, "a kind and a value of 3 to 100 characters");
  },
  biometric(sample, field) {
    const right = sample.kind >= 1 && sample.kind <= 3 && isText(sample.mediaType, 100, 1);
    require(right && sample.sample.length >= 1 && sample.sample.length <= 131_072, field, "a sample");
  },
};
