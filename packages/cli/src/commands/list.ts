import { exitCode } from "@message-sender/server/process";

import type { ApiServer } from "../api/server.ts";
import { listMessages } from "../list-messages.ts";
import type { ListFilters } from "../list-query.ts";
import { messageLines } from "../message-lines.ts";
import { printJson, printLine, printProblem } from "../print.ts";

export interface ListOptions extends ListFilters {
  readonly limit: number;
  readonly cursor?: string;
  readonly json: boolean;
}

/** Prints messages, the newest first. */
export async function list(server: ApiServer, options: ListOptions): Promise<number> {
  const found = await listMessages(server, options, options);
  if (found.isErr()) {
    printProblem(found.error.reason);
    return found.error.exitCode;
  }
  const { entries: messages, nextCursor } = found.value;
  if (options.json) {
    printJson({ messages, next_cursor: nextCursor });
    return exitCode.ok;
  }
  for (const line of messageLines(messages)) printLine(line);
  if (messages.length === 0) printProblem("No messages.");
  if (nextCursor !== null) printProblem(`There may be more: repeat the command with --cursor ${nextCursor}`);
  return exitCode.ok;
}
