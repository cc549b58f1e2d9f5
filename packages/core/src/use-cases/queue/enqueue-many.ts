import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { InvalidCommand } from "../accept/field-checks.ts";
import type { EnqueueMessageCommand } from "../accept/send-command.ts";
import type { Enqueued, EnqueueMessageError } from "./enqueue-message.ts";

/** The result of one of several commands. */
export type EnqueueResult = Result<Enqueued, EnqueueMessageError>;

const mostCommands = 1000;

/**
 * Accepts messages for the queue, side by side: the store gathers their commits. One whose key is also that of an earlier one waits for
 * it, and is its repeat. One to the recipient of an earlier one waits too: a store could commit it first, and it would be sent first.
 */
export function createEnqueueMany(
  enqueue: (command: EnqueueMessageCommand) => ResultAsync<Enqueued, EnqueueMessageError>,
): (commands: readonly EnqueueMessageCommand[]) => ResultAsync<readonly EnqueueResult[], InvalidCommand> {
  function enqueueAll(commands: readonly EnqueueMessageCommand[]): Promise<readonly EnqueueResult[]> {
    const latest = new Map<string, Promise<EnqueueResult>>();

    async function enqueueAfter(earlier: readonly Promise<unknown>[], command: EnqueueMessageCommand) {
      if (earlier.length > 0) await Promise.allSettled(earlier);
      return enqueue(command);
    }

    return Promise.all(
      commands.map((command): PromiseLike<EnqueueResult> => {
        if (!isCommand(command)) return Promise.resolve(err(noCommand));
        const names = namesOf(command);
        const earlier = names.flatMap((name) => latest.get(name) ?? []);
        const enqueued = enqueueAfter(earlier, command);
        for (const name of names) latest.set(name, enqueued);
        return enqueued;
      }),
    );
  }

  return (commands) => {
    if (!Array.isArray(commands) || commands.length > mostCommands)
      return new ResultAsync(Promise.resolve(err(tooMany)));
    return new ResultAsync(enqueueAll(commands).then((results) => ok(results)));
  };
}

const tooMany: InvalidCommand = {
  kind: "InvalidCommand",
  problems: [{ path: [], detail: `must be an array of up to ${mostCommands} commands` }],
};

const noCommand: InvalidCommand = { kind: "InvalidCommand", problems: [{ path: [], detail: "must be an object" }] };

/** A caller without types may pass anything. */
function isCommand(command: unknown): command is EnqueueMessageCommand {
  return typeof command === "object" && command !== null;
}

/** What it must not share with another that is accepted at the same time: its recipient, and its key. What is no text is refused. */
function namesOf({ tenantId, outletId, to, idempotency }: EnqueueMessageCommand): readonly string[] {
  const recipient = ["to", tenantId, outletId, to];
  const key = idempotency ? ["key", tenantId, idempotency.key] : [];
  return [recipient, key].flatMap((parts) => (parts.every(isText) && parts.length > 0 ? parts.join(" ") : []));
}

function isText(part: unknown): part is string {
  return typeof part === "string";
}
