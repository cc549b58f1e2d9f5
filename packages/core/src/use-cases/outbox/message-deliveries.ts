import { ResultAsync } from "neverthrow";

import type { MessageId } from "../../content/identifiers.ts";
import type { History } from "../../ports/history.ts";
import type { DeliveredEntry, Outbox, UndeliveredEntry } from "../../ports/store/outbox.ts";
import type { Unavailable } from "../../ports/unavailable.ts";

/** What was delivered about a message, as far as that is kept, and what was not. */
export interface MessageDeliveries {
  /** What was not delivered yet, or was given up. */
  readonly undelivered: readonly UndeliveredEntry[];
  /** What was delivered late, or after it had failed. Of what was delivered at once nothing is kept. */
  readonly delivered: readonly DeliveredEntry[];
  /** Whether the sender has a history to tell. */
  readonly hasHistory: boolean;
}

interface MessageDeliveriesPorts {
  readonly outbox: Outbox;
  readonly history?: History;
}

/** Says what was delivered about a message, and what was not. */
export function createMessageDeliveries({
  outbox,
  history,
}: MessageDeliveriesPorts): (messageId: MessageId) => ResultAsync<MessageDeliveries, Unavailable> {
  return (messageId) =>
    ResultAsync.combine([outbox.undelivered(messageId), outbox.delivered(messageId)]).map(
      ([undelivered, delivered]) => ({ undelivered, delivered, hasHistory: history !== undefined }),
    );
}
