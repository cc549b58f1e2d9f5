import { err, ok, type Result, ResultAsync } from "neverthrow";

import type { Message } from "../../domain/message.ts";
import type { MessageStatus } from "../../domain/status.ts";
import type { Clock } from "../../ports/clock.ts";
import type { QuotaError } from "../../ports/quota.ts";
import type { Unavailable } from "../../ports/unavailable.ts";
import type { MessageNotFound } from "../accept/find-message.ts";
import { type InvalidQuery, notItsCursor } from "../list/check-query.ts";
import type { ListMessages } from "../list/list-messages.ts";
import type { ListMessagesQuery } from "../list/list-query.ts";
import type { CancelMessageCommand, CancelMessageError } from "../queue/cancel-message.ts";
import type { Conflict, ResolveMessageCommand, ResolveMessageError } from "../queue/resolve-message.ts";
import { cursorOf, placeAfter, placeAt, queryAt } from "./place.ts";
import { problemsOfChange } from "./change-query.ts";

/** Which messages to withdraw. At least one filter is needed. */
export interface CancelManyQuery extends Omit<ListMessagesQuery, "limit"> {
  /** Counts the messages that match, and changes none. */
  readonly isPreview?: boolean;
  /** Who asks for it, such as the id of an API key: it is recorded in each message that is changed. */
  readonly by?: string;
}

/** Which messages to resend or abandon. At least one filter is needed. Default of `status`: each that the action can change. */
export interface ResolveManyQuery extends CancelManyQuery {
  readonly action: ResolveMessageCommand["action"];
}

/** What a call did. */
export interface ManyChanged {
  /** How many messages matched. */
  readonly matched: number;
  /** How many of them were changed. The state of the others did not allow it, or no longer. */
  readonly changed: number;
  /** Where to go on, with the same other fields. Absent: nothing is left. */
  readonly nextCursor?: string;
  /** Why the call stopped early, if not because it had done enough. `nextCursor` repeats what it could not do. */
  readonly stoppedBy?: QuotaError;
}

interface ChangeManyParts {
  readonly clock: Clock;
  readonly listMessages: ListMessages;
  readonly cancelMessage: (command: CancelMessageCommand) => ResultAsync<Message, CancelMessageError>;
  readonly resolveMessage: (command: ResolveMessageCommand) => ResultAsync<Message, ResolveMessageError>;
}

/** A change of one message. It may also find that the message is gone, or that its state does not allow it. */
type Change<E extends QuotaError> = (message: Message) => PromiseLike<Result<Message, E | Conflict | MessageNotFound>>;

const mostAtOnce = 1000;
const pageSize = 100;
const longestMs = 5000;

/** In which statuses an action changes a message. */
const changeable = {
  cancel: ["queued"],
  resend: ["unknown", "failed"],
  abandon: ["unknown"],
} as const satisfies Record<string, readonly MessageStatus[]>;

/** Changes messages by a filter, page by page, so that a call is bounded whatever matches. A changed message matches no longer. */
export function createChangeMany({ clock, listMessages, cancelMessage, resolveMessage }: ChangeManyParts) {
  async function changeMany<E extends QuotaError>(
    { isPreview = false, cursor, status, by: _by, ...filter }: CancelManyQuery,
    statuses: readonly MessageStatus[],
    change: Change<E>,
  ): Promise<Result<ManyChanged, InvalidQuery | Unavailable | E>> {
    const problems = problemsOfChange({ ...filter, ...(status !== undefined && { status }) }, statuses);
    if (problems.length > 0) return err({ kind: "InvalidQuery", problems });
    const wanted = status === undefined ? statuses : [status];
    const endsMs = clock.monotonicMs() + longestMs;
    let place = placeAt(cursor, wanted);
    if (!place) return err(notItsCursor);
    let [matched, changed] = [0, 0];
    while (place && matched < mostAtOnce && clock.monotonicMs() < endsMs) {
      const nextCursor = cursorOf(place);
      const page = await listMessages({ ...filter, ...queryAt(place, wanted), limit: pageSize });
      if (page.isErr()) {
        const isFirst = matched === 0 || page.error.kind === "InvalidQuery";
        return isFirst ? err(page.error) : ok({ matched, changed, nextCursor, stoppedBy: page.error });
      }
      const { messages } = page.value;
      const results = isPreview ? [] : await Promise.all(messages.map(change));
      const stoppedBy = results.map(failureOf).find((failure) => failure !== undefined);
      matched += messages.length;
      changed += results.filter((result) => result.isOk()).length;
      if (stoppedBy) return changed === 0 ? err(stoppedBy) : ok({ matched, changed, nextCursor, stoppedBy });
      place = placeAfter(place, page.value.nextCursor, wanted);
    }
    return ok({ matched, changed, ...(place && { nextCursor: cursorOf(place) }) });
  }

  return {
    cancelMany: (query: CancelManyQuery): ResultAsync<ManyChanged, InvalidQuery | Unavailable> =>
      new ResultAsync(
        changeMany(query, changeable.cancel, ({ id }) => cancelMessage({ messageId: id, ...named(query) })),
      ),
    resolveMany: ({ action, ...query }: ResolveManyQuery): ResultAsync<ManyChanged, InvalidQuery | QuotaError> =>
      new ResultAsync(
        changeMany(query, changeable[action], ({ id }) => resolveMessage({ messageId: id, action, ...named(query) })),
      ),
  };
}

function named({ by }: Pick<CancelManyQuery, "by">): { readonly by?: string } {
  return by === undefined ? {} : { by };
}

/** Why nothing more can be changed now. The state of one message is no reason. */
function failureOf<E extends QuotaError>(result: Result<Message, E | Conflict | MessageNotFound>): E | undefined {
  if (result.isOk()) return undefined;
  const { error } = result;
  return error.kind === "Conflict" || error.kind === "MessageNotFound" ? undefined : (error as E);
}
