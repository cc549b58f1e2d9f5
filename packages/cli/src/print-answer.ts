import { exitCode } from "@message-sender/server/process";
import type { Result } from "neverthrow";

import type { ApiAnswer, ApiFailure } from "./api/client.ts";
import type { ApiServer } from "./api/server.ts";
import { exitCodeOf } from "./api/exit-code.ts";
import { failureText } from "./api/failure-text.ts";
import { printJson, printProblem } from "./print.ts";

/**
 * Prints the answer of the API as JSON. If it is a problem, a sentence for people goes to standard error too. Returns the exit code
 * of the command.
 */
export function printAnswer(server: ApiServer, answer: Result<ApiAnswer, ApiFailure>): number {
  if (answer.isOk()) printJson(answer.value.body);
  return answer.isOk() && answer.value.status < 400 ? exitCode.ok : printFailure(server, answer);
}

/** Prints on standard error why there is no answer, or what its problem is. Returns the exit code of the command. */
export function printFailure(server: ApiServer, answer: Result<ApiAnswer, ApiFailure>): number {
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return answer.error.exitCode;
  }
  printProblem(failureText(server, answer.value));
  const code = exitCodeOf(answer.value.status);
  return code === exitCode.ok ? exitCode.failed : code;
}
