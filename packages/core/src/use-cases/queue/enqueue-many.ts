import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { InvalidCommand } from "../accept/field-checks.ts";
import type { EnqueueMessageCommand } from "../accept/send-command.ts";
import type { Enqueued, EnqueueMessageError } from "./enqueue-message.ts";

/** The result of one of several commands. */
export type EnqueueResult = Result<Enqueued, EnqueueMessageError>;

const mostCommands = 1000;

/**
 * Accepts messages for the queue, all at once: the store gathers their commits. One whose key is also that of an earlier one waits for
 * it, and is its repeat.
 */
export function createEnqueueMany(
  enqueue: (command: EnqueueMessageCommand) => ResultAsync<Enqueued, EnqueueMessageError>,
): (commands: readonly EnqueueMessageCommand[]) => ResultAsync<readonly EnqueueResult[], InvalidCommand> {
  function enqueueAll(commands: readonly EnqueueMessageCommand[]): Promise<readonly EnqueueResult[]> {
    const underKey = new Map<string, Promise<EnqueueResult>>();
    return Promise.all(
      commands.map((command): PromiseLike<EnqueueResult> => {
        if (!isCommand(command)) return Promise.resolve(err(noCommand));
        const name = keyNameOf(command);
        if (name === undefined) return enqueue(command);
        const earlier = underKey.get(name);
        const enqueued = earlier ? earlier.then(() => enqueue(command)) : Promise.resolve(enqueue(command));
        underKey.set(name, enqueued);
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

function keyNameOf({ tenantId, idempotency }: EnqueueMessageCommand): string | undefined {
  return idempotency ? `${tenantId} ${idempotency.key}` : undefined;
}
