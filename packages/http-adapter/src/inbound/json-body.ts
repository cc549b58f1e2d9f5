import { err, ok, type Result } from "neverthrow";

import { invalidRequest, type Problem } from "./problem.ts";

const deepest = 32;
const mostValues = 10_000;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whether the headers announce plain UTF-8 JSON. */
export function checkMediaType(
  contentType: string | undefined,
  contentEncoding: string | undefined,
): Problem | undefined {
  const [mediaType = "", ...parameters] = (contentType ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  const isUtf8 = charset === undefined || /^"?utf-?8"?$/.test(charset);
  const isPlain = contentEncoding === undefined || contentEncoding.toLowerCase() === "identity";
  if (mediaType === "application/json" && isUtf8 && isPlain) return undefined;
  return {
    status: 415,
    type: "unsupported-media-type",
    detail: "The body must be application/json in UTF-8, without a content encoding.",
  };
}

/** Parses a body that has been read whole. Says nothing of what was in it. */
export function parseJson(bytes: ArrayBuffer): Result<unknown, Problem> {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    return err(invalidRequest("The body is not valid JSON in UTF-8."));
  }
  return isReasonable(value)
    ? ok(value)
    : err(invalidRequest("The body is nested too deeply, too large or has odd keys."));
}

/**
 * Level by level, without recursion: JSON.parse takes nesting that overflows the stack of whoever walks it later. An own
 * `__proto__` would vanish or do harm as soon as somebody copies the object.
 */
function isReasonable(value: unknown): boolean {
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
