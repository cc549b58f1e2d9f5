import type { EnqueueMessageCommand, EnqueueMessageError, MessageSender } from "@message-sender/core";
import type { Enqueued } from "@message-sender/core/adapter";
import type { Result } from "neverthrow";

export type EnqueueResult = Result<Enqueued, EnqueueMessageError>;

/** Accepts messages for the queue, all at once. A message whose key is also that of an earlier one waits for it, and is its repeat. */
export function enqueueBatch(
  sender: MessageSender,
  commands: readonly EnqueueMessageCommand[],
): Promise<readonly EnqueueResult[]> {
  const underKey = new Map<string, Promise<unknown>>();

  async function enqueueAfter(earlier: Promise<unknown> | undefined, command: EnqueueMessageCommand) {
    if (earlier) await earlier;
    return sender.enqueue(command);
  }

  return Promise.all(
    commands.map((command): PromiseLike<EnqueueResult> => {
      const { tenantId, idempotency } = command;
      if (!idempotency) return sender.enqueue(command);
      const key = `${tenantId} ${idempotency.key}`;
      const enqueued = enqueueAfter(underKey.get(key), command);
      underKey.set(key, enqueued);
      return enqueued;
    }),
  );
}
