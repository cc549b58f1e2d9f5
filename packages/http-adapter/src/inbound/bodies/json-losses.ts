import { endOfString } from "./json-string.ts";

/** A value that `JSON.parse` changes silently, and its path. */
export interface JsonLoss {
  readonly kind: "repeated key" | "inexact number";
  readonly path: readonly (string | number)[];
}

/** An object or array whose end was not reached yet. */
interface Open {
  readonly parent: Open | undefined;
  /** The keys so far. Undefined for an array. */
  readonly keys: Set<string> | undefined;
  /** The key or index of the value that comes next. */
  step: string | number;
  isAtKey: boolean;
}

/** The same mistake may occur ten thousand times. */
const mostLosses = 20;

/**
 * Finds duplicate keys of an object, also when they are escaped differently, and integers beyond ±(2^53 − 1), which are
 * rounded. `json` must be valid JSON. One pass without recursion: the nesting may be as deep as the text is long.
 */
export function jsonLosses(json: string): readonly JsonLoss[] {
  const losses: JsonLoss[] = [];
  let open: Open | undefined;
  for (let at = 0; at < json.length && losses.length < mostLosses; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) {
      const end = endOfString(json, at);
      if (open?.keys && open.isAtKey) {
        open.step = keyIn(json, at, end);
        open.isAtKey = false;
        if (open.keys.has(open.step)) losses.push({ kind: "repeated key", path: pathTo(open) });
        open.keys.add(open.step);
      }
      at = end;
    } else if (code === openBrace) open = { parent: open, keys: new Set(), step: "", isAtKey: true };
    else if (code === openBracket) open = { parent: open, keys: undefined, step: 0, isAtKey: false };
    else if (code === closeBrace || code === closeBracket) open = open?.parent;
    else if (code === comma && open) {
      if (typeof open.step === "number") open.step += 1;
      else open.isAtKey = true;
    } else if (isNumberPart(code)) {
      const start = at;
      while (isNumberPart(json.charCodeAt(at + 1))) at += 1;
      if (at - start < shortestLoss && !hasExponent(json, start, at)) continue;
      if (isInexact(json.slice(start, at + 1))) losses.push({ kind: "inexact number", path: pathTo(open) });
    }
  }
  return losses;
}

const quote = '"'.charCodeAt(0);
const comma = ",".charCodeAt(0);
const openBrace = "{".charCodeAt(0);
const closeBrace = "}".charCodeAt(0);
const openBracket = "[".charCodeAt(0);
const closeBracket = "]".charCodeAt(0);

/** 2^53 has sixteen digits. */
const shortestLoss = 15;

/** Digits, signs, the decimal point, and `e`. The only other values with an `e` are `true` and `false`. */
function isNumberPart(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46 || code === 69 || code === 101;
}

function hasExponent(json: string, start: number, end: number): boolean {
  for (let at = start; at <= end; at += 1) if ((json.charCodeAt(at) | 32) === 101) return end > start;
  return false;
}

function keyIn(json: string, start: number, end: number): string {
  const key = json.slice(start + 1, end);
  return key.includes("\\") ? (JSON.parse(`"${key}"`) as string) : key;
}

function pathTo(open: Open | undefined): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (let each = open; each; each = each.parent) path.push(each.step);
  return path.toReversed();
}

/** Whether a number is an integer that a double cannot represent exactly. */
function isInexact(number: string): boolean {
  if (Math.abs(Number(number)) <= Number.MAX_SAFE_INTEGER) return false;
  const [, whole = "", fraction = "", exponent = "0"] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = whole + fraction;
  let significant = digits.length;
  while (significant > 1 && digits[significant - 1] === "0") significant -= 1;
  return Number(exponent) + whole.length >= significant;
}
