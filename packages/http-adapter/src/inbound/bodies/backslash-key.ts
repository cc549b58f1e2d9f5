import { endOfString } from "./json-string.ts";

const escapedBackslash = /\\(?:\\|u005c)/i;
const colonNext = /\s*:/y;

/**
 * Whether an object of a JSON text has a key that contains a backslash. The text need not be valid JSON.
 *
 * V8 remembers the keys that `JSON.parse` has seen. After a key such as `a\`, it returns that key for `a"`, `a\n` and any other
 * key whose escaped form begins alike, in every later text of the process. Only a key with a backslash has that effect, and
 * parsing it once is enough. Source: https://github.com/nodejs/node/issues/63785 (Node 24 to 26).
 */
export function hasBackslashInKey(json: string): boolean {
  if (!escapedBackslash.test(json)) return false;
  for (let start = json.indexOf('"'); start !== -1;) {
    const end = endOfString(json, start);
    if (end === -1) return false;
    colonNext.lastIndex = end + 1;
    if (colonNext.test(json) && escapedBackslash.test(json.slice(start, end))) return true;
    start = json.indexOf('"', end + 1);
  }
  return false;
}
