import type { Context } from "hono";
import { err, errAsync, ok, Result, type ResultAsync } from "neverthrow";

import { hasBackslashInKey } from "./backslash-key.ts";
import type { Fields } from "./json-fields.ts";
import { type JsonLoss, jsonLosses } from "./json-losses.ts";
import { plainPointer } from "../problems/pointer.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import type { RequestBodies } from "./request-bodies.ts";
import type { RequestContext } from "../requests/request-context.ts";

const deepest = 32;
const mostValues = 10_000;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const notJson = invalidRequest("The body is not valid JSON in UTF-8.");
export const unreasonable = invalidRequest(
  "The body is nested too deeply, has too many values, or contains a forbidden key (`__proto__`).",
);
const backslashInKey = invalidRequest("The body contains a key with a backslash.");
const lossy: Readonly<Record<JsonLoss["kind"], readonly [ofBody: string, ofValue: string]>> = {
  "repeated key": ["The body contains an object with a duplicate key.", "is a duplicate key"],
  "inexact number": [
    "The body contains an integer too large to be represented exactly. Send it as a string.",
    "is an integer too large to be represented exactly",
  ],
};
const unsupported: Problem = {
  status: 415,
  type: "unsupported-media-type",
  detail: "The body must be application/json in UTF-8, without a content encoding.",
};

/** Reads a body of up to `largest` bytes and parses it as JSON. Errors never quote the body. */
export function readJson(
  bodies: RequestBodies,
  c: Context<RequestContext>,
  largest: number,
): ResultAsync<unknown, Problem> {
  return readJsonBytes(bodies, c, largest).andThen(parseBody);
}

/** Reads a body that says that it is JSON. */
export function readJsonBytes(
  bodies: RequestBodies,
  c: Context<RequestContext>,
  largest: number,
): ResultAsync<Uint8Array, Problem> {
  if (!isPlainJson(c.req.header("content-type"), c.req.header("content-encoding"))) return errAsync(unsupported);
  return bodies.read(c, largest);
}

/** Parses a complete body as JSON. */
export function parseBody(bytes: Uint8Array): Result<unknown, Problem> {
  const text = decodeUtf8(bytes);
  return text.isErr() ? err(notJson) : parseText(text.value);
}

/** Parses the text of a body, or of a part of one. */
export function parseText(text: string): Result<unknown, Problem> {
  if (hasBackslashInKey(text)) return err(backslashInKey);
  const parsed = parseJson(text);
  if (parsed.isErr()) return err(notJson);
  if (!isReasonable(parsed.value)) return err(unreasonable);
  const losses = jsonLosses(text);
  return losses[0] ? err(lossProblem(losses[0], losses)) : ok(parsed.value);
}

/** Whether the headers of a request say that its body is JSON in UTF-8 and nothing else. */
export function isPlainJson(contentType: string | undefined, contentEncoding: string | undefined): boolean {
  if (contentType === "application/json" && contentEncoding === undefined) return true;
  const [mediaType = "", ...parameters] = (contentType ?? "").toLowerCase().split(";");
  const charset = parameters.map((part) => part.trim()).find((parameter) => parameter.startsWith("charset="));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const isPlain = contentEncoding === undefined || contentEncoding.toLowerCase() === "identity";
  return mediaType.trim() === "application/json" && isUtf8 && isPlain;
}

export const decodeUtf8 = Result.fromThrowable((bytes: ArrayBuffer | Uint8Array): string => decoder.decode(bytes));

export const parseJson = Result.fromThrowable((text: string): unknown => JSON.parse(text));

/**
 * Level by level, without recursion: JSON.parse accepts nesting that overflows the stack of code that walks it later. An own
 * `__proto__` disappears or does harm when the object is copied.
 */
function isReasonable(value: unknown): boolean {
  if (isFlat(value)) return true;
  let level: unknown[] = [value];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (depth > deepest || values > mostValues) return false;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      if (Object.hasOwn(item, "__proto__")) return false;
      for (const member of Object.values(item)) next.push(member);
    }
    level = next;
  }
  return true;
}

/** An object of a few values that hold no others, as most bodies are. */
function isFlat(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length <= fewValues && names.every((name) => isLeaf(name, (value as Fields)[name]));
}

const fewValues = 32;

function isLeaf(name: string, value: unknown): boolean {
  return name !== "__proto__" && (typeof value !== "object" || value === null);
}

function lossProblem(first: JsonLoss, losses: readonly JsonLoss[]): Problem {
  return invalidRequest(
    lossy[first.kind][0],
    losses.map(({ kind, path }) => ({ pointer: plainPointer(path), detail: lossy[kind][1] })),
  );
}
