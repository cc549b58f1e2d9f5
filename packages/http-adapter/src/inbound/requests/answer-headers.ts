import { fixedHeaders } from "./fixed-headers.ts";

/** What the headers of an answer say about its request. */
interface AnsweredFacts {
  readonly requestId: string;
  readonly traceparent: string;
  /** The `wait` of the Prefer header, if it is applied. */
  readonly waitSeconds: number | undefined;
  /** What the access check adds. */
  readonly answerHeaders: Readonly<Record<string, string>> | undefined;
}

/** Adds to the headers of an answer those that every answer has. */
export function completeHeaders(
  headers: Record<string, string>,
  { requestId, traceparent, waitSeconds, answerHeaders }: AnsweredFacts,
): void {
  headers["cache-control"] ??= fixedHeaders["cache-control"];
  headers["x-content-type-options"] = fixedHeaders["x-content-type-options"];
  headers["x-request-id"] = requestId;
  headers["traceparent"] = traceparent;
  if (waitSeconds !== undefined) headers["preference-applied"] = `wait=${waitSeconds}`;
  if (answerHeaders) Object.assign(headers, answerHeaders);
}
