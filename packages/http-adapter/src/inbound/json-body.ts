import { err, ok, Result, ResultAsync } from "neverthrow";

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

const cutShort: Problem = { status: 408, detail: "The body did not arrive whole." };
const notJson = invalidRequest("The body is not valid JSON in UTF-8.");
const unreasonable = invalidRequest("The body is nested too deeply, too large or has odd keys.");

/** Reads a body whole and parses it. Says nothing of what was in it. */
export function readJson(request: Pick<Request, "arrayBuffer">): ResultAsync<unknown, Problem> {
  return ResultAsync.fromPromise(request.arrayBuffer(), () => cutShort).andThen((bytes) =>
    parseJson(bytes)
      .mapErr(() => notJson)
      .andThen((value) => (isReasonable(value) ? ok(value) : err(unreasonable))),
  );
}

const parseJson = Result.fromThrowable((bytes: ArrayBuffer): unknown => JSON.parse(decoder.decode(bytes)));

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
