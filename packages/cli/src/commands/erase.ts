import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { exitCodeOf } from "../api/exit-code.ts";
import { printJson, printProblem } from "../print.ts";

/** Erases a person through a running server. Prints how much was erased. */
export async function erase(server: ApiServer, to: string): Promise<number> {
  const answer = await callApi(server, { path: "/api/v1/admin/erase", body: { to } });
  if (answer.isErr()) {
    printProblem(answer.error.reason);
    return answer.error.exitCode;
  }
  printJson(answer.value.body);
  return exitCodeOf(answer.value.status);
}
