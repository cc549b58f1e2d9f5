import { exitCode } from "@message-sender/server/process";

/** The exit code for an answer of the API. */
export function exitCodeOf(httpStatus: number): number {
  if (httpStatus < 300) return exitCode.ok;
  if (httpStatus === 400) return exitCode.usage;
  return httpStatus === 429 || httpStatus === 503 ? exitCode.unavailable : exitCode.failed;
}
