/** Far deeper than Meta's objects, and far from overflowing the stack of code that walks them. */
const deepest = 32;

const tooDeep = "is nested too deeply";

/** Fields that WhatsApp returns exactly as they were sent. */
const echoed: ReadonlySet<string> = new Set(["id", "payload", "flow_token"]);

/**
 * A frozen copy of a JSON value, with its own fields in their order. A field that is null or undefined is left out, and `\r\n`
 * in a text becomes `\n`. Adds to `faults` each reason why a store could not return the value unchanged. Stops at a depth of
 * 32, since the value may contain itself.
 *
 * A key with a backslash spoils keys of other messages when the store parses it: https://github.com/nodejs/node/issues/63785.
 */
export function copyJson(value: unknown, faults: Set<string>, depth = 0): unknown {
  if (typeof value === "string") return copyLines(value, faults);
  if (typeof value === "boolean" || value === null || Number.isFinite(value) || faults.has(tooDeep)) return value;
  if (depth === deepest) faults.add(tooDeep);
  else if (Array.isArray(value)) return Object.freeze(Array.from(value, (item) => copyJson(item, faults, depth + 1)));
  else if (isPlainObject(value)) return copyFields(value, faults, depth);
  else faults.add("contains a value that is not JSON");
  return value;
}

function copyFields(object: Readonly<Record<string, unknown>>, faults: Set<string>, depth: number): unknown {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (key === "__proto__") faults.add("contains a forbidden key (`__proto__`)");
    else if (key.includes("\\")) faults.add("contains a key with a backslash");
    else if (value !== undefined && value !== null) {
      fields[copyText(key, faults)] =
        typeof value === "string" && echoed.has(key) ? copyText(value, faults) : copyJson(value, faults, depth + 1);
    }
  }
  return Object.freeze(fields);
}

/** Text areas of web pages end lines in `\r\n`. */
function copyLines(text: string, faults: Set<string>): string {
  return copyText(text.replaceAll("\r\n", "\n"), faults);
}

function copyText(text: string, faults: Set<string>): string {
  if (!text.isWellFormed()) faults.add("contains an unpaired surrogate");
  if (text.includes("\0")) faults.add("contains a NUL character");
  return text;
}

/** An object literal, even of another realm. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
