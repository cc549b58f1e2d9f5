import { endOfString } from "../bodies/json-string.ts";

/** A member of a JSON object, in its original text. */
export interface SourceMember {
  readonly key: string;
  /** Key and value, in their original text. */
  readonly source: string;
  readonly value: string;
}

/** The members of an object. Empty if `json`, which must be valid JSON, is not an object. */
export function membersOf(json: string): readonly SourceMember[] {
  if (!json.startsWith("{")) return [];
  return partsOf(json).map((source) => {
    const keyEnd = endOfString(source, 0) + 1;
    const value = source.slice(source.indexOf(":", keyEnd) + 1).trim();
    return { key: JSON.parse(source.slice(0, keyEnd)) as string, source, value };
  });
}

/** The elements of an array in their original text. Empty if `json`, which must be valid JSON, is not an array. */
export function elementsOf(json: string): readonly string[] {
  return json.startsWith("[") ? partsOf(json) : [];
}

/** Splits at the commas of the outermost level. Without recursion: the nesting may be as deep as the text is long. */
function partsOf(json: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at);
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") depth -= 1;
    const isEnd = depth === 0 || (depth === 1 && character === ",");
    if (!isEnd) continue;
    parts.push(json.slice(start, at).trim());
    start = at + 1;
  }
  return parts.length === 1 && parts[0] === "" ? [] : parts;
}
