// Strict readers: one spelling for each value, nothing twice, nothing unknown.

/** Decode base64url without padding; throws where another spelling of the same bytes was used. */
export function decodeBase64url(text) {
  const data = Buffer.from(text, "base64url");
  if (data.toString("base64url") !== text) throw new Error("not base64url");
  return data;
}

/** Read a JSON object in UTF-8 in which no name occurs twice, at any depth. */
export function readObject(data) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
  const value = JSON.parse(text);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error("no object");
  if (countNames(text) !== countMembers(value)) throw new Error("a name occurs twice");
  return value;
}

// In valid JSON a string that a colon follows is a name; JSON.parse keeps the last of equal ones.
function countNames(text) {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter((match) => match[1]).length;
}

function countMembers(value) {
  if (value === null || typeof value !== "object") return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, each) => sum + countMembers(each), own);
}

/** Whether this is text of `least` to `most` characters without controls, formats and line breaks. */
export function isPlain(value, most, least = 1) {
  if (typeof value !== "string") return false;
  const length = [...value].length;
  return length >= least && length <= most && !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(value);
}
