import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../../content/identifiers.ts";
import { replayHistory } from "../../domain/message-changes.ts";
import type { Message } from "../../domain/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { History } from "../../ports/history.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Outbox } from "../../ports/store/outbox.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import { findMessage, type MessageNotFound } from "../accept/find-message.ts";
import type { Commits } from "../attempt/commits.ts";
import type { Conflict } from "../queue/resolve-message.ts";

/** Of which message to deliver the history again. */
export interface ReplayMessageHistoryCommand {
  readonly messageId: MessageId;
  /** Only a message of this tenant. */
  readonly tenantId?: Identifier;
  /** Who asks for it, such as the id of an API key: it is recorded in the message. */
  readonly by?: string;
}

/** Which dead history entries to deliver again. */
export interface ReplayHistoryQuery {
  /** Only those of this tenant, up to 1,000 a call: the earliest. Default: all. */
  readonly tenantId?: Identifier;
  /** Who asks for it, such as the id of an API key. With `tenantId` it is recorded in each message. */
  readonly by?: string;
}

/** Why the history of a message was not delivered again. */
export type ReplayMessageHistoryError = MessageNotFound | Conflict | Unavailable;

interface ReplayHistoryParts extends Pick<Commits, "commitWithRetry"> {
  readonly messages: MessageStore;
  readonly outbox: Outbox;
  readonly history?: History;
  readonly clock: Clock;
}

/** How many dead entries of a tenant a call delivers again. */
export const mostReplayedAtOnce = 1000;
const changedAtOnce = 50;

/** Delivers history entries again. */
export function createReplayHistory({ messages, outbox, history, clock, commitWithRetry }: ReplayHistoryParts) {
  /** Delivers what is still to be delivered, or else the message as it is now. */
  async function replayOf(command: ReplayMessageHistoryCommand): Promise<Result<Message, ReplayMessageHistoryError>> {
    const { messageId, tenantId, by } = command;
    const found = await findMessage(messages, messageId, tenantId);
    if (found.isErr()) return err(found.error);
    const undelivered = await outbox.undelivered(messageId);
    if (undelivered.isErr()) return err(undelivered.error);
    const left = undelivered.value.filter(({ topic }) => topic === "history");
    const isAnew = left.length === 0;
    let isReplayed = false;
    const amended = await commitWithRetry(found.value, (current) => {
      const next = isAnew && !history ? current : replayHistory(current, clock.now(), isAnew, by);
      isReplayed = next !== current;
      return next;
    });
    if (amended.isErr()) return err({ kind: "Unavailable", reason: amended.error.reason });
    if (!isReplayed) return err({ kind: "Conflict", message: amended.value, action: "replay history" });
    if (left.some(({ state }) => state === "dead")) {
      const revived = await outbox.revive("history", messageId);
      if (revived.isErr()) return err(revived.error);
    }
    if (left.some(({ state }) => state === "waiting")) {
      const hastened = await outbox.hasten(messageId);
      if (hastened.isErr()) return err(hastened.error);
    }
    return ok(amended.value);
  }

  async function replayOfTenant(tenantId: Identifier, by: string | undefined): Promise<Result<number, Unavailable>> {
    const dead = await outbox.listDead("history", { tenantId, limit: mostReplayedAtOnce });
    if (dead.isErr()) return err(dead.error);
    const ids = [...new Set(dead.value.map(({ messageId }) => messageId))];
    for (let from = 0; from < ids.length; from += changedAtOnce) {
      const results = await Promise.all(ids.slice(from, from + changedAtOnce).map((id) => replayDead(id, by)));
      const failed = results.find((result) => result.isErr());
      if (failed?.isErr()) return err(failed.error);
    }
    return ok(dead.value.length);
  }

  /** The store may have forgotten the message. */
  async function replayDead(messageId: MessageId, by: string | undefined): Promise<Result<unknown, Unavailable>> {
    const replayed = await replayOf({ messageId, ...(by !== undefined && { by }) });
    if (replayed.isOk()) return ok(undefined);
    return replayed.error.kind === "Unavailable" ? err(replayed.error) : outbox.revive("history", messageId);
  }

  return {
    replayHistoryOf: (command: ReplayMessageHistoryCommand) => new ResultAsync(replayOf(command)),
    replayHistory: ({ tenantId, by }: ReplayHistoryQuery = {}): ResultAsync<number, Unavailable> =>
      tenantId === undefined ? outbox.revive("history") : new ResultAsync(replayOfTenant(tenantId, by)),
  };
}
