import { setImmediate } from "node:timers/promises";

import type { EnqueueMessageCommand } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";

import type { Caller } from "../access/access.ts";
import { notJson } from "../bodies/json-body.ts";
import { type Problem, tenantNotFound } from "../problems/problem.ts";
import { parseMessage } from "./batch-body.ts";
import { parseBatchMessage } from "./batch-message.ts";
import type { MessageText } from "./split-messages.ts";

type Command = Result<EnqueueMessageCommand, Problem>;

/** What each message asks for, or the answer to one that asks for nothing possible. An error is one of the whole batch. */
export async function commandsOf(
  messages: readonly MessageText[],
  caller: Caller,
  traceparent: string,
): Promise<Result<readonly Command[], Problem>> {
  const commands: Command[] = [];
  let turnEndsMs = performance.now() + turnMs;
  for (const message of messages) {
    const parsed = parseMessage(message);
    // What is not JSON in one place cannot be trusted to be what it seems in another.
    if (parsed.isErr() && parsed.error === notJson) return err(notJson);
    commands.push(parsed.andThen((given) => commandOf(given, caller, traceparent)));
    if (performance.now() < turnEndsMs) continue;
    await setImmediate();
    turnEndsMs = performance.now() + turnMs;
  }
  return ok(commands);
}

/** For how long a batch is parsed before others have their turn. */
const turnMs = 5;

function commandOf(given: unknown, caller: Caller, traceparent: string): Command {
  const command = parseBatchMessage(given, traceparent);
  return command.isErr() || caller.sees(command.value.tenantId) ? command : err(tenantNotFound);
}
