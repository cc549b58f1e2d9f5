import { createInterface } from "node:readline/promises";

import { exitCode } from "@message-sender/server/process";
import { err, ok, type Result } from "neverthrow";

import { type ApiAnswer, type ApiFailure, callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { type ListFilters, filterFields } from "../list-query.ts";
import { printJson, printLine, printProblem } from "../print.ts";
import { printFailure } from "../print-answer.ts";

export interface ChangeManyOptions extends ListFilters {
  readonly yes: boolean;
  readonly json: boolean;
}

/** What to do with all messages that match. */
export interface ManyChange {
  readonly path: "/api/v1/messages/cancel" | "/api/v1/messages/resolve";
  readonly action?: "resend" | "abandon";
  /** What it does and what it did, in a word. */
  readonly verb: string;
  readonly done: string;
}

interface Counts {
  readonly matched: number;
  readonly changed: number;
}

type Failed = Result<ApiAnswer, ApiFailure>;

/** Counts the messages that match, asks whether to change them, and changes them. */
export async function changeMany(server: ApiServer, change: ManyChange, options: ChangeManyOptions): Promise<number> {
  const body = { ...filterFields(options), action: change.action };
  const found = await each(server, change, { ...body, dry_run: true });
  if (found.isErr()) return printFailure(server, found.error);
  const { matched } = found.value;
  if (matched > 0 && !options.yes && !(await isConfirmed(`${capital(change.verb)} ${messages(matched)}?`)))
    return exitCode.usage;
  const done = matched === 0 ? ok({ matched: 0, changed: 0 }) : await each(server, change, body);
  if (done.isErr()) return printFailure(server, done.error);
  if (options.json) printJson(done.value);
  else if (done.value.matched === 0) printLine("No messages match.");
  else printLine(`${messages(done.value.changed)} of ${done.value.matched} ${change.done}.`);
  return exitCode.ok;
}

/** Calls until nothing is left. */
async function each(server: ApiServer, { path }: ManyChange, body: object): Promise<Result<Counts, Failed>> {
  let [matched, changed] = [0, 0];
  let cursor: unknown;
  do {
    const answer = await callApi(server, { path, body: { ...body, cursor } });
    if (answer.isErr() || answer.value.status !== 200) return err(answer);
    const { body: counts } = answer.value;
    matched += Number(counts["matched"]);
    changed += Number(counts["changed"]);
    const { problem } = counts;
    if (typeof problem === "object" && problem !== null) {
      printProblem(`${messages(changed)} were changed before this.`);
      return err(ok({ status: Number((problem as { status?: unknown }).status), body: { ...problem } }));
    }
    cursor = counts["next_cursor"];
  } while (typeof cursor === "string");
  return ok({ matched, changed });
}

/** Without a terminal nobody can be asked. */
async function isConfirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    printProblem(`${question} Nothing was changed: give --yes to do it.`);
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

function messages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
