import type { ResultAsync } from "neverthrow";

import type { MessageId } from "../../content/identifiers.ts";
import type { History } from "../../ports/history.ts";
import type { Outbox, UndeliveredEntry } from "../../ports/store/outbox.ts";
import type { Unavailable } from "../../ports/unavailable.ts";

/** What is to be delivered about a message. */
export interface MessageDeliveries {
  /** What was not delivered yet, or was given up. What was delivered leaves nothing. */
  readonly undelivered: readonly UndeliveredEntry[];
  /** Whether the sender has a history to tell. */
  readonly hasHistory: boolean;
}

interface MessageDeliveriesPorts {
  readonly outbox: Outbox;
  readonly history?: History;
}

/** Says what is still to be delivered about a message. */
export function createMessageDeliveries({
  outbox,
  history,
}: MessageDeliveriesPorts): (messageId: MessageId) => ResultAsync<MessageDeliveries, Unavailable> {
  return (messageId) =>
    outbox.undelivered(messageId).map((undelivered) => ({ undelivered, hasHistory: history !== undefined }));
}
