import type { ResultAsync } from "neverthrow";
import type { Identifier, MessageId } from "../content/identifiers.ts";
import type { Message } from "../domain/message.ts";
import type { Pause } from "../domain/pause.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import type { MessageNotFound } from "./accept/find-message.ts";
import type { InvalidCommand } from "./accept/field-checks.ts";
import type { EnqueueMessageCommand, SendMessageCommand } from "./accept/send-command.ts";
import type { MessageList } from "./list/list-messages.ts";
import type { ListMessagesQuery } from "./list/list-query.ts";
import type { InvalidQuery } from "./list/check-query.ts";
import type { ErasePersonCommand, ErasePersonError, PersonErased } from "./erasure/erase-person.ts";
import type { DeadQuery, UndeliveredEntry } from "../ports/store/outbox.ts";
import type { MessageDeliveries } from "./outbox/message-deliveries.ts";
import type {
  ReplayHistoryQuery,
  ReplayMessageHistoryCommand,
  ReplayMessageHistoryError,
} from "./history/replay-history.ts";
import type { StatusListener } from "./outbox/status-changes.ts";
import type { CancelManyQuery, ManyChanged, ResolveManyQuery } from "./bulk/change-many.ts";
import type { CancelMessageCommand, CancelMessageError } from "./queue/cancel-message.ts";
import type { EnqueueResult } from "./queue/enqueue-many.ts";
import type { Enqueued, EnqueueMessageError } from "./queue/enqueue-message.ts";
import type { ResolveMessageCommand, ResolveMessageError } from "./queue/resolve-message.ts";
import type { QueueState, QueueQuery } from "./queue/queue-state.ts";
import type { PauseNotFound, PausesQuery, ResumeCommand } from "./pauses/change-pauses.ts";
import type { PauseCommand } from "./pauses/pause-command.ts";
import type { QuotaError, TenantUnknown } from "../ports/quota.ts";
import type { KnownOutlet } from "./credentials/credential-cache.ts";
import type { TenantQuota } from "./quota/tenant-quota.ts";
import type { MarkReadCommand, MarkReadError } from "./requests/mark-read.ts";
import type { UploadMediaCommand } from "./requests/upload-command.ts";
import type { MediaUploaded, UploadMediaError } from "./requests/upload-media.ts";
import type { SendMessageError, Sent } from "./send/send-message.ts";
import type { ReceiveWebhookCommand, WebhookReceived } from "./webhooks/receive-webhook.ts";
import type { Usage } from "./usage/count-usage.ts";
import type { UsageQuery } from "./usage/usage-query.ts";
import type { KeptWebhooks, NoWebhookReceiver, WebhooksForwarded } from "./webhooks/kept-webhooks.ts";
import type { ForwardWebhooksQuery, WebhooksQuery } from "./webhooks/webhooks-query.ts";

/**
 * Sends WhatsApp messages. Each call returns its errors as values. `docs/library-errors.md` says when each
 * error occurs and what to do.
 */
export interface MessageSender {
  /** Sends a message and waits for the result. */
  send(command: SendMessageCommand): ResultAsync<Sent, SendMessageError>;
  /** Accepts a message for the queue, which sends it in the background, at once if nothing delays it. */
  enqueue(command: EnqueueMessageCommand): ResultAsync<Enqueued, EnqueueMessageError>;
  /**
   * Accepts up to 1,000 messages for the queue. The answer has the result of each command, in order: one that is refused keeps no other
   * from being accepted. Each has its own key; a command with the key of an earlier one is its repeat. Those to one recipient are sent in
   * the order of the commands.
   *
   * @example
   * const results = await sender.enqueueMany(["+628123456789", "+628123456780"].map((to) => ({ ...command, to })));
   * results.match(
   *   (each) => console.log(each.filter((result) => result.isErr()).map(({ error }) => error.kind)),
   *   (error) => console.error(error.problems),
   * );
   */
  enqueueMany(commands: readonly EnqueueMessageCommand[]): ResultAsync<readonly EnqueueResult[], InvalidCommand>;
  /** Marks a received message as read; with `typing`, also shows a typing indicator. */
  markRead(command: MarkReadCommand): ResultAsync<void, MarkReadError>;
  /** Streams a file to WhatsApp and returns the id under which messages can use it. The caller repeats a failed upload. */
  uploadMedia(command: UploadMediaCommand): ResultAsync<MediaUploaded, UploadMediaError>;
  /** Resends or abandons a message whose outcome is unknown, or resends one that failed. */
  resolve(command: ResolveMessageCommand): ResultAsync<Message, ResolveMessageError>;
  /**
   * Withdraws a queued message. One that is being sent, or that a call waits for, cannot be withdrawn. If an attempt may have sent it,
   * its status is `unknown` then. The call can be repeated.
   */
  cancel(command: CancelMessageCommand): ResultAsync<Message, CancelMessageError>;
  /**
   * Withdraws the queued messages that match, up to 1,000 a call, and says where to go on. It can be repeated.
   *
   * @example
   * let cursor: string | undefined;
   * do {
   *   const page = await sender.cancelMany({ tenantId: "acme", outletId: "main", ...(cursor && { cursor }) });
   *   if (page.isErr()) throw new Error(page.error.kind);
   *   cursor = page.value.nextCursor;
   * } while (cursor);
   */
  cancelMany(query: CancelManyQuery): ResultAsync<ManyChanged, InvalidQuery | Unavailable>;
  /** Resends or abandons the messages that match, up to 1,000 a call, and says where to go on. It can be repeated. */
  resolveMany(query: ResolveManyQuery): ResultAsync<ManyChanged, InvalidQuery | QuotaError>;
  /** Finds a message; with `tenantId`, only one of that tenant. */
  find(messageId: MessageId, tenantId?: Identifier): ResultAsync<Message, MessageNotFound | Unavailable>;
  /**
   * Lists messages, the newest first: a page of them, and the cursor of the next page.
   *
   * @example
   * const page = await sender.list({ tenantId: "acme", status: "failed", limit: 20 });
   * page.match(
   *   ({ messages, nextCursor }) => console.log(messages.map(({ id }) => id), nextCursor),
   *   (error) => console.error(error.kind),
   * );
   */
  list(query?: ListMessagesQuery): ResultAsync<MessageList, InvalidQuery | Unavailable>;
  /**
   * Records one webhook as a whole; `createHttpApp` has the endpoint that parses webhooks. On `Unavailable` answer WhatsApp with an
   * error: it delivers the webhook again. Repeated, late and reordered webhooks lead to the same result.
   */
  receiveWebhook(command: ReceiveWebhookCommand): ResultAsync<WebhookReceived, Unavailable>;
  /**
   * How many messages were accepted on each day, by type, present status and Meta's pricing category. Messages are counted when you
   * ask, so a status that changes later changes the counts of the day on which its message was accepted. Messages that were
   * forgotten after the retention time are not counted: `since` must not be before the first day that is still kept.
   *
   * @example
   * const usage = await sender.usage({ tenantId: "acme", since: new Date("2026-01-01") });
   * usage.match(({ counts }) => console.table(counts), (error) => console.error(error.kind));
   */
  usage(query?: UsageQuery): ResultAsync<Usage, InvalidQuery | Unavailable>;
  /**
   * The kept webhooks that match, the latest first: everything that WhatsApp reported, except statuses of messages. They are kept
   * for the retention time. They may come from customers of every tenant.
   *
   * @example
   * const page = await sender.webhooks({ phoneNumberId: "109876543210987", since: new Date("2026-01-01") });
   * page.match(({ webhooks }) => webhooks.forEach(({ field, body }) => console.log(field, body)), console.error);
   */
  webhooks(query?: WebhooksQuery): ResultAsync<KeptWebhooks, InvalidQuery | Unavailable>;
  /**
   * Forwards kept webhooks that were never forwarded, because there was no receiver when they arrived or because it did not accept
   * them for three days. They are delivered in the background. The call can be repeated: none is queued twice.
   */
  forwardWebhooks(
    query?: ForwardWebhooksQuery,
  ): ResultAsync<WebhooksForwarded, NoWebhookReceiver | InvalidQuery | Unavailable>;
  /** Delivers the dead history entries again, which were rejected or failed for three days. Returns how many those are. */
  replayHistory(query?: ReplayHistoryQuery): ResultAsync<number, Unavailable>;
  /**
   * Delivers the history of one message again. Entries that were given up, and those that wait for a retry, are delivered now. If
   * everything was delivered, the history gets the message as it is now, under its present version. A repeat of that version has the same
   * id and version. `Conflict`: the message was never sent, its person was erased, or the sender has no history.
   */
  replayHistoryOf(command: ReplayMessageHistoryCommand): ResultAsync<Message, ReplayMessageHistoryError>;
  /** The dead history entries, the earliest first: all, or those of a tenant. For people: it reads up to `limit` of them. */
  deadHistory(query: DeadQuery): ResultAsync<readonly UndeliveredEntry[], Unavailable>;
  /**
   * What is still to be delivered about a message of any tenant, was given up, or was delivered late: to the history, and to the
   * receivers of status events.
   */
  deliveriesOf(messageId: MessageId): ResultAsync<MessageDeliveries, Unavailable>;
  /** Requeues the dead status events, which were refused or failed for three days. Returns how many there are. */
  replayCallbacks(): ResultAsync<number, Unavailable>;
  /** Forgets the dead status events, which can then not be replayed. Returns how many there were. */
  discardCallbacks(): ResultAsync<number, Unavailable>;
  /**
   * Removes a person from everything that the store keeps: the content and recipient of each message to them, what was noted about
   * them, and kept webhooks that mention them. Queued messages to them are canceled first. Counts, times, statuses and idempotency
   * keys remain. If a message to them is being sent, everything else is erased, but for what is needed to find it again, and the
   * answer is `PersonInUse`: repeat the call, as after one that failed.
   *
   * @example
   * const done = await sender.erase({ to: "+628123456789" });
   * done.match(({ messages }) => console.log(messages), (error) => console.error(error.kind));
   */
  erase(command: ErasePersonCommand): ResultAsync<PersonErased, ErasePersonError>;
  /**
   * Pauses a tenant, an outlet, a number or a template: every process of the sender stops sending its messages within about a second.
   * `send` answers `Paused` then. Queued messages wait, and so does one that expires meanwhile: it is concluded once the pause has
   * ended. Attempts in flight end as they would. A target that is paused already gets the new reason and end.
   *
   * @example
   * const paused = await sender.pause({ tenantId: "acme", outletId: "main", reason: "the shop moves", by: "ops" });
   * paused.match(({ id }) => console.log(id), (error) => console.error(error.kind));
   */
  pause(command: PauseCommand): ResultAsync<Pause, InvalidCommand | Unavailable>;
  /** Ends a pause: its messages are sent within about a second, those of a paused template within the time that the pause lasted. */
  resume(command: ResumeCommand): ResultAsync<Pause, PauseNotFound | Unavailable>;
  /**
   * What waits in the queue: by outlet, since when, and why. For people: it reads a bounded number of rows.
   *
   * @example
   * const state = await sender.queueState({ tenantId: "acme" });
   * state.match(({ outlets }) => console.table(outlets), (error) => console.error(error.kind));
   */
  queueState(query?: QueueQuery): ResultAsync<QueueState, Unavailable>;
  /** How much of its quota a tenant has used. Each call asks the quota, which may be a service: call it for people, and seldom. */
  quotaOf(tenantId: Identifier): ResultAsync<TenantQuota, TenantUnknown | Unavailable>;
  /** The outlets that this sender has looked up since it was created, with the numbers that they send from: up to 10,000. */
  outlets(): readonly KnownOutlet[];
  /** What is paused now, the latest first. */
  pauses(query?: PausesQuery): ResultAsync<readonly Pause[], Unavailable>;
  /** What pauses a queued message now; undefined if nothing does, or if that cannot be found out. */
  pauseOf(message: Message): Promise<Pause | undefined>;
  /**
   * Calls `listener` for each visible change of a message that this sender commits, right after the commit; events of one message
   * come in version order. Returns a function that ends the subscription. An error that the listener throws, or rejects with,
   * harms nothing; a promise that it returns is not waited for.
   *
   * Not promised: anything beyond this process. A change that another process commits is not announced here, and a process that
   * ends between the commit and the call announces nothing. Where each event must arrive, use the port `StatusCallbacks`.
   *
   * @example
   * const stop = sender.onStatus(({ messageId, version, status }) => console.log(messageId, version, status));
   */
  onStatus(listener: StatusListener): () => void;
  /**
   * Checks whether the sender is ready: the store takes commits, and the sender is not closing. After a start it first waits up to a
   * second for orphaned messages to be recovered. Answers within four seconds, and costs at most two commits a second.
   */
  check(): ResultAsync<void, Unavailable>;
  /**
   * Runs one round of the background work: recovery, queue, outbox, quota settlement, retention. `start` repeats it.
   */
  tick(): Promise<void>;
  /** Starts the background work. Calling it again changes nothing. */
  start(): void;
  /**
   * Shuts the sender down: ends waits at once, gives attempts in flight 11 s, then delivers the history entries that are due and
   * settles the quota. Resolves within 22 s. From the call on `send` answers `Unavailable`.
   */
  close(): Promise<void>;
}
