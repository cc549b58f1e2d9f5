import fc from "fast-check";

/**
 * Any JSON value whose keys contain no backslash. V8 changes other keys of the process once it has parsed such a key:
 * https://github.com/nodejs/node/issues/63785.
 */
export function jsonValues(constraints?: fc.JsonSharedConstraints): fc.Arbitrary<unknown> {
  return fc.jsonValue(constraints).filter((value) => !hasBackslashInKey(value));
}

function hasBackslashInKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, member]) => key.includes("\\") || hasBackslashInKey(member));
}
