import { errAsync, ResultAsync } from "neverthrow";

import type { Identifier, MessageId, OutletRef } from "../content/identifiers.ts";
import type { Message } from "../domain/message.ts";
import type { Pause } from "../domain/pause.ts";
import { createInFlight } from "../lifecycle/in-flight.ts";
import { noTracing } from "../lifecycle/no-tracing.ts";
import { safeTelemetry } from "../lifecycle/safe-telemetry.ts";
import { closing, createShutdownSignal } from "../lifecycle/shutdown-signal.ts";
import type { Unavailable } from "../ports/unavailable.ts";
import { timelineConflict } from "../ports/timeline.ts";
import { createWallSteps } from "../time/wall-steps.ts";
import { createAccept } from "./accept/accept-message.ts";
import { findMessage, type MessageNotFound } from "./accept/find-message.ts";
import { createKeysInUse } from "./accept/keys-in-use.ts";
import type { InvalidCommand } from "./accept/field-checks.ts";
import type { EnqueueMessageCommand, SendMessageCommand } from "./accept/send-command.ts";
import { createAdviseFailure } from "./attempt/advise-failure.ts";
import { createMakeAttempt } from "./attempt/attempt.ts";
import { createCommits } from "./attempt/commits.ts";
import { createNextAttempt } from "./attempt/next-attempt.ts";
import { createNoteRecipientName } from "./attempt/note-recipient-name.ts";
import { createUnrecordedAttempts } from "./attempt/unrecorded-attempts.ts";
import { createWithPermit } from "./attempt/with-permit.ts";
import { createCredentialCache } from "./credentials/credential-cache.ts";
import { createListMessages, type MessageList } from "./list/list-messages.ts";
import type { ListMessagesQuery } from "./list/list-query.ts";
import type { InvalidQuery } from "./list/check-query.ts";
import {
  createErasePerson,
  type ErasePersonCommand,
  type ErasePersonError,
  type PersonErased,
} from "./erasure/erase-person.ts";
import { createBackground } from "./maintenance/background.ts";
import { createForgetOld } from "./maintenance/forget-old.ts";
import { createReadiness } from "./maintenance/readiness.ts";
import { createRecoverMessages } from "./maintenance/recover-messages.ts";
import { type MessageSenderOptions, settingsOf } from "./message-sender-options.ts";
import type { MessageSenderPorts } from "./message-sender-ports.ts";
import { createDeliveries } from "./outbox/deliveries.ts";
import { createHandOver } from "./outbox/hand-over.ts";
import { createStatusChanges, type StatusListener } from "./outbox/status-changes.ts";
import { type CancelManyQuery, createChangeMany, type ManyChanged, type ResolveManyQuery } from "./bulk/change-many.ts";
import { type CancelMessageCommand, type CancelMessageError, createCancelMessage } from "./queue/cancel-message.ts";
import { createEnqueueMany, type EnqueueResult } from "./queue/enqueue-many.ts";
import { createEnqueueMessage, type Enqueued, type EnqueueMessageError } from "./queue/enqueue-message.ts";
import { createQueueLimit } from "./queue/queue-limit.ts";
import { createResolveMessage, type ResolveMessageCommand, type ResolveMessageError } from "./queue/resolve-message.ts";
import { createQueueState, type QueueState, type QueueQuery } from "./queue/queue-state.ts";
import { createQueueWork } from "./queue/work-queue.ts";
import {
  createChangePauses,
  type PauseNotFound,
  type PausesQuery,
  type ResumeCommand,
} from "./pauses/change-pauses.ts";
import { createKnownPauses } from "./pauses/known-pauses.ts";
import { createPauseCheck } from "./pauses/pause-check.ts";
import type { PauseCommand } from "./pauses/pause-command.ts";
import type { QuotaError } from "../ports/quota.ts";
import { createQuotaUnits } from "./quota/quota-units.ts";
import { createMarkRead, type MarkReadCommand, type MarkReadError } from "./requests/mark-read.ts";
import type { UploadMediaCommand } from "./requests/upload-command.ts";
import { createUploadMedia, type MediaUploaded, type UploadMediaError } from "./requests/upload-media.ts";
import { createDeliverInPlace } from "./send/deliver-in-place.ts";
import { createFirstAttempt } from "./send/first-attempt.ts";
import { createResumeMessage } from "./send/resume-message.ts";
import { createSendMessage, type SendMessageError, type Sent } from "./send/send-message.ts";
import { createReceiveWebhook, type ReceiveWebhookCommand, type WebhookReceived } from "./webhooks/receive-webhook.ts";
import { createTemplateCheck } from "./templates/template-check.ts";
import { createCountUsage, type Usage } from "./usage/count-usage.ts";
import type { UsageQuery } from "./usage/usage-query.ts";
import {
  createKeptWebhooks,
  type KeptWebhooks,
  type NoWebhookReceiver,
  type WebhooksForwarded,
} from "./webhooks/kept-webhooks.ts";
import type { ForwardWebhooksQuery, WebhooksQuery } from "./webhooks/webhooks-query.ts";
import { createRecordStatuses } from "./webhooks/record-statuses.ts";

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
  /** Requeues the dead history entries, which were rejected or failed for three days. Returns how many there are. */
  replayHistory(): ResultAsync<number, Unavailable>;
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

/**
 * Creates a sender from its ports. Throws a `RangeError` for numbers that make no sense, and a `TypeError` for options that
 * do not exist or are of the wrong type, and if a manual clock is combined with ports that wait in real time or by another clock.
 *
 * @example
 * const sender = createMessageSender(ports, { retry: { sendDeadlineMs: 30_000 }, ambiguity: { onAmbiguous: "hold" } });
 * sender.start();
 * const sent = await sender.send({
 *   tenantId: "acme",
 *   outletId: "main",
 *   conversationId: "c-17",
 *   to: "+628123456789",
 *   content: text("Hello! Your order is ready."),
 *   idempotency: { key: "order-17-ready" },
 * });
 * sent.match(({ message }) => console.log(statusOf(message)), (error) => console.error(error.kind));
 * await sender.close();
 */
export function createMessageSender(ports: MessageSenderPorts, options: MessageSenderOptions = {}): MessageSender {
  const conflict = timelineConflict(ports);
  if (conflict) throw new TypeError(conflict);
  const settings = settingsOf(options);
  const wallSteps = createWallSteps(ports.clock);
  const { clock } = wallSteps;
  const telemetry = safeTelemetry(ports.telemetry);
  const tracing = ports.tracing ?? noTracing;
  const shutdown = createShutdownSignal(clock);
  const calls = createInFlight();
  const credentials = createCredentialCache(ports.credentials, {
    clock,
    ttlMs: settings.credentialsTtlMs,
    rememberMs: 30_000,
  });
  const ownPorts = { ...ports, clock, telemetry, tracing, shutdown };
  const deliveries = createDeliveries(ownPorts);
  const handOver = createHandOver(ports.messages, deliveries);
  const { messages } = handOver;
  const statusChanges = createStatusChanges(ownPorts);
  const templateCheck = createTemplateCheck(ownPorts);
  const knownPauses = createKnownPauses({
    ...ownPorts,
    isOverruled: ({ owner }, { outlet, content, credential }) =>
      owner === "whatsapp" &&
      content !== undefined &&
      credential !== undefined &&
      templateCheck.knows({ outlet, content }, credential),
  });
  const changePauses = createChangePauses({ pauses: ports.pauses, known: knownPauses, clock });
  const pauseCheck = createPauseCheck({ known: knownPauses, credentials, clock });
  const checks = { templateCheck, pauseCheck, changePauses };
  const base = { ...ownPorts, ...settings, ...checks, messages, wallSteps, credentials, statusChanges };

  const commits = createCommits(base);
  const unrecorded = createUnrecordedAttempts({ ...base, ...commits });
  const adviseFailure = createAdviseFailure(base);
  const noteRecipientName = createNoteRecipientName(base);
  const withPermit = createWithPermit(base);
  const makeAttempt = createMakeAttempt({ ...base, ...commits, unrecorded, adviseFailure, noteRecipientName });
  const nextAttempt = createNextAttempt({ ...base, ...commits, makeAttempt, withPermit });
  const deliverInPlace = createDeliverInPlace({ ...base, nextAttempt });

  const units = createQuotaUnits(base);
  const keysInUse = createKeysInUse();
  const accept = createAccept(base);
  const firstAttempt = createFirstAttempt({ ...base, accept, makeAttempt, withPermit });
  const parts = { ...base, ...commits, calls, unrecorded, units, keysInUse, accept, withPermit, deliverInPlace };
  const resumeMessage = createResumeMessage({ ...parts, deliver: deliverInPlace.deliver });
  const sendMessage = createSendMessage({ ...parts, firstAttempt, resumeMessage });
  const enqueueMessage = createEnqueueMessage({ ...parts, limit: createQueueLimit(parts) });
  const resolveMessage = createResolveMessage(parts);
  const cancelMessage = createCancelMessage(parts);
  const markRead = createMarkRead(parts);
  const uploadMedia = createUploadMedia(parts);
  const statuses = createRecordStatuses({ ...parts, adviseFailure });
  const receiveWebhook = createReceiveWebhook({ ...base, recordStatuses: statuses.record });
  const listMessages = createListMessages(base);
  const bulk = createChangeMany({ clock, listMessages, cancelMessage, resolveMessage });
  const countUsage = createCountUsage(base);
  const erasePerson = createErasePerson(parts);
  const keptWebhooks = createKeptWebhooks(base);
  const readiness = createReadiness(base);
  const isPaused = (outlet: OutletRef): boolean => knownPauses.outletUntil(outlet) !== undefined;
  const background = createBackground({
    ...base,
    calls,
    units,
    recoverMessages: createRecoverMessages(parts),
    settleUnrecorded: unrecorded.settle,
    recordParked: statuses.recordParked,
    forgetOld: createForgetOld(base),
    queueWork: settings.worker ? createQueueWork({ ...parts, makeAttempt, isPaused, track: calls.track }) : undefined,
    deliveries: Object.values(deliveries),
    handOver,
    knownPauses,
  });

  const enqueue = (command: EnqueueMessageCommand) =>
    calls.track(enqueueMessage(command)).andTee(({ message }) => background.wakeQueue(message));

  return {
    send: sendMessage,
    enqueue,
    enqueueMany: createEnqueueMany(enqueue),
    markRead: (command) => calls.track(markRead(command)),
    uploadMedia: (command) => calls.track(uploadMedia(command)),
    resolve: (command) => calls.track(resolveMessage(command)).andTee(background.wakeQueue),
    cancel: (command) => calls.track(cancelMessage(command)),
    cancelMany: (query) => calls.track(bulk.cancelMany(query)),
    resolveMany: (query) => calls.track(bulk.resolveMany(query)).andTee(() => background.wakeQueue()),
    find: (messageId, tenantId) => findMessage(messages, messageId, tenantId),
    list: (query = {}) => listMessages(query),
    receiveWebhook: (command) =>
      calls.track(receiveWebhook(command)).andTee(({ kept }) => {
        if (kept > 0) background.wake();
      }),
    usage: (query) => calls.track(countUsage(query)),
    webhooks: keptWebhooks.list,
    forwardWebhooks: (query) => calls.track(keptWebhooks.forward(query)).andTee(background.wake),
    replayHistory: () => calls.track(ports.outbox.revive("history")).andTee(background.wake),
    replayCallbacks: () => calls.track(ports.outbox.revive("status")).andTee(background.wake),
    discardCallbacks: () => calls.track(ports.outbox.discard("status")),
    erase: (command) => calls.track(erasePerson(command)),
    pause: (command) => calls.track(changePauses.pause(command)),
    resume: (command) => calls.track(changePauses.resume(command)).andTee(() => background.wakeQueue()),
    queueState: createQueueState({ queue: ports.queue, clock, pauses: () => changePauses.list() }),
    pauses: changePauses.list,
    pauseOf: pauseCheck.pauseOf,
    onStatus: statusChanges.subscribe,
    check: () =>
      shutdown.closing ? errAsync(closing) : ResultAsync.fromSafePromise(background.recovered()).andThen(readiness),
    tick: background.tick,
    start: background.start,
    close: background.close,
  };
}
