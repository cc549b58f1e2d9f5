import { fixedHeaders } from "./fixed-headers.ts";

/** What the headers of an answer say about its request. */
interface AnsweredFacts {
  readonly requestId: string;
  readonly traceparent: string;
  /** The preference of the Prefer header that is applied. */
  readonly appliedPreference: string | undefined;
  /** What the access check adds. */
  readonly answerHeaders: Readonly<Record<string, string>> | undefined;
}

/** Adds to the headers of an answer those that every answer has. */
export function completeHeaders(
  headers: Record<string, string>,
  { requestId, traceparent, appliedPreference, answerHeaders }: AnsweredFacts,
): void {
  headers["cache-control"] ??= fixedHeaders["cache-control"];
  headers["x-content-type-options"] = fixedHeaders["x-content-type-options"];
  headers["x-request-id"] = requestId;
  headers["traceparent"] = traceparent;
  if (appliedPreference !== undefined) headers["preference-applied"] = appliedPreference;
  if (answerHeaders) Object.assign(headers, answerHeaders);
}
