import { errAsync, okAsync, ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../content/identifiers.ts";
import type { Message } from "../domain/message.ts";
import { clampToNow, type RecipientFact } from "../domain/recipient.ts";
import type { StatusUpdate } from "../domain/status-update.ts";
import { createInFlight } from "../lifecycle/in-flight.ts";
import { safeTelemetry } from "../lifecycle/safe-telemetry.ts";
import { closing, createShutdownSignal } from "../lifecycle/shutdown-signal.ts";
import type { Clock } from "../ports/clock.ts";
import type { Credentials } from "../ports/credentials.ts";
import type { History } from "../ports/history.ts";
import type { Ids } from "../ports/ids.ts";
import type { Media } from "../ports/media.ts";
import type { Pacer } from "../ports/pacer.ts";
import type { Quota } from "../ports/quota.ts";
import type { ReadReceipts } from "../ports/read-receipts.ts";
import type { R, Unavailable } from "../ports/result.ts";
import type { Store } from "../ports/store.ts";
import type { Telemetry, UnreadPart } from "../ports/telemetry.ts";
import { timelineConflict } from "../ports/timeline.ts";
import type { Transport } from "../ports/transport.ts";
import type { WebhookForwarding } from "../ports/webhook-forwarding.ts";
import { createWallSteps } from "../time/wall-steps.ts";
import { createAccept } from "./accept/accept-message.ts";
import { findMessage, type MessageNotFound } from "./accept/find-message.ts";
import { createKeysInUse } from "./accept/keys-in-use.ts";
import type { EnqueueMessageCommand, SendMessageCommand } from "./accept/send-command.ts";
import { createAdviseFailure } from "./attempt/advise-failure.ts";
import { createMakeAttempt } from "./attempt/attempt.ts";
import { createCommits } from "./attempt/commits.ts";
import { createNextAttempt } from "./attempt/next-attempt.ts";
import { createNoteRecipientName } from "./attempt/note-recipient-name.ts";
import { createUnrecordedAttempts } from "./attempt/unrecorded-attempts.ts";
import { createWithPermit } from "./attempt/with-permit.ts";
import { createCredentialCache } from "./credentials/credential-cache.ts";
import { createBackground } from "./maintenance/background.ts";
import { createForgetOld } from "./maintenance/forget-old.ts";
import { createReadiness } from "./maintenance/readiness.ts";
import { createRecoverMessages } from "./maintenance/recover-messages.ts";
import { type MessageSenderOptions, settingsOf } from "./message-sender-options.ts";
import { createHistorySubscriber } from "./outbox/deliver-history.ts";
import { createOutboxDelivery } from "./outbox/deliver-outbox.ts";
import { createWebhookSubscriber } from "./outbox/forward-webhooks.ts";
import { createEnqueueMessage, type Enqueued, type EnqueueMessageError } from "./queue/enqueue-message.ts";
import { createResolveMessage, type ResolveMessageCommand, type ResolveMessageError } from "./queue/resolve-message.ts";
import { createQueueWork } from "./queue/work-queue.ts";
import { createQuotaUnits } from "./quota/quota-units.ts";
import { createMarkRead, type MarkReadCommand, type MarkReadError } from "./requests/mark-read.ts";
import type { UploadMediaCommand } from "./requests/upload-command.ts";
import { createUploadMedia, type MediaUploaded, type UploadMediaError } from "./requests/upload-media.ts";
import { createDeliverInPlace } from "./send/deliver-in-place.ts";
import { createResumeMessage } from "./send/resume-message.ts";
import { createSendMessage, type SendMessageError, type Sent } from "./send/send-message.ts";
import { createRecordStatuses, type StatusesRecorded } from "./webhooks/record-statuses.ts";

/** What a sender is made of. `@message-sender/core/in-memory` has an adapter for each. */
export interface MessageSenderPorts extends Store {
  readonly credentials: Credentials;
  readonly quota: Quota;
  readonly transport: Transport;
  /** Without one, `markRead` is `Unavailable`. */
  readonly readReceipts?: ReadReceipts;
  /** Without one, `uploadMedia` is `Unavailable`. */
  readonly media?: Media;
  /** Without one, nothing is told of what was sent. */
  readonly history?: History;
  /** Without one, what WhatsApp tells us is kept and not handed on. */
  readonly webhookForwarding?: WebhookForwarding;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry?: Telemetry;
}

export interface MessageSender {
  /** Sends a message and waits for its end. */
  send(command: SendMessageCommand): R<Sent, SendMessageError>;
  /** Takes a message for the queue. It is sent in the background, at once where nothing is in the way. */
  enqueue(command: EnqueueMessageCommand): R<Enqueued, EnqueueMessageError>;
  /** Marks a message that was received as read, and shows that an answer is being written where `typing` says so. */
  markRead(command: MarkReadCommand): R<void, MarkReadError>;
  /** Uploads a file for messages to name, piece by piece. A failed upload is the caller's to repeat. */
  uploadMedia(command: UploadMediaCommand): R<MediaUploaded, UploadMediaError>;
  /** Decides what becomes of a message whose outcome is unknown, or that failed. */
  resolve(command: ResolveMessageCommand): R<Message, ResolveMessageError>;
  /** Finds a message; with `tenantId`, only one of that tenant. */
  find(messageId: MessageId, tenantId?: Identifier): R<Message, MessageNotFound | Unavailable>;
  /** Writes down what status webhooks say; see `createHttpApp` for the endpoint that takes them. */
  recordStatuses(updates: readonly StatusUpdate[]): R<StatusesRecorded, Unavailable>;
  /**
   * Keeps what WhatsApp told us beside statuses, each a JSON text, and hands it on where there is someone to hand it to. The
   * same text is kept once. `unread` is what of a webhook was not understood, which is counted.
   */
  keepWebhooks(bodies: readonly string[], unread?: readonly UnreadPart[]): R<void, Unavailable>;
  /** Notes what webhooks tell of recipients: failures that this bears on say so in their advice. */
  noteRecipients(facts: readonly RecipientFact[]): R<void, Unavailable>;
  /** Tells the history once more what it refused, or did not take in three days; gives how many entries that is. */
  replayHistory(): R<number, Unavailable>;
  /**
   * Whether sends can be taken: the store has just taken a commit, and the sender is not closing. After a start it waits,
   * for a second at most, until what an ended process left is settled. Answers within four seconds; however often it is
   * asked, it costs two commits a second at most.
   */
  check(): R<void, Unavailable>;
  /**
   * One round of what goes on in the background: recovery, the queue, the outbox, quota settlement, retention. `start`
   * repeats it.
   */
  tick(): Promise<void>;
  /** Starts the work in the background. Repeating it changes nothing. */
  start(): void;
  /**
   * Ends waits at once, gives attempts in flight 11 s, then delivers what history is due and settles the quota. Resolves
   * within 22 s; `send` answers `Unavailable` from the call on.
   */
  close(): Promise<void>;
}

/**
 * Creates a sender from its ports. Throws a `RangeError` for options that make no sense, and a `TypeError` where a manual clock
 * is combined with ports that wait in real time or by another clock.
 */
export function createMessageSender(ports: MessageSenderPorts, options: MessageSenderOptions = {}): MessageSender {
  const conflict = timelineConflict(ports);
  if (conflict) throw new TypeError(conflict);
  const { messages, history, webhookForwarding, ids } = ports;
  const settings = settingsOf(options);
  const wallSteps = createWallSteps(ports.clock);
  const { clock } = wallSteps;
  const telemetry = safeTelemetry(ports.telemetry);
  const shutdown = createShutdownSignal(clock);
  const calls = createInFlight(() => background.wake());
  const credentials = createCredentialCache(ports.credentials, {
    clock,
    ttlMs: settings.credentialsTtlMs,
    rememberMs: 30_000,
  });
  const base = { ...ports, ...settings, clock, wallSteps, telemetry, shutdown, credentials };

  const commits = createCommits(base);
  const unrecorded = createUnrecordedAttempts({ ...base, ...commits });
  const adviseFailure = createAdviseFailure(base);
  const noteRecipientName = createNoteRecipientName(base);
  const withPermit = createWithPermit(base);
  const makeAttempt = createMakeAttempt({ ...base, ...commits, unrecorded, adviseFailure, noteRecipientName });
  const nextAttempt = createNextAttempt({ ...base, ...commits, makeAttempt, withPermit });
  const deliver = createDeliverInPlace({ ...base, nextAttempt });

  const units = createQuotaUnits(base);
  const keysInUse = createKeysInUse();
  const accept = createAccept(base);
  const parts = { ...base, ...commits, unrecorded, units, keysInUse, accept, makeAttempt, withPermit, deliver };
  const resumeMessage = createResumeMessage(parts);
  const sendMessage = createSendMessage({ ...parts, resumeMessage });
  const enqueueMessage = createEnqueueMessage(parts);
  const resolveMessage = createResolveMessage(parts);
  const markRead = createMarkRead(parts);
  const uploadMedia = createUploadMedia(parts);
  const statuses = createRecordStatuses({ ...parts, adviseFailure });
  const readiness = createReadiness(base);
  const background = createBackground({
    ...base,
    calls,
    units,
    recoverMessages: createRecoverMessages(parts),
    settleUnrecorded: unrecorded.settle,
    recordParked: statuses.recordParked,
    forgetOld: createForgetOld(base),
    queue: createQueueWork({ ...base, nextAttempt, track: calls.track }),
    deliveries: [
      ...(history ? [createOutboxDelivery(base, createHistorySubscriber(history, telemetry))] : []),
      ...(webhookForwarding ? [createOutboxDelivery(base, createWebhookSubscriber(webhookForwarding, telemetry))] : []),
    ],
  });

  return {
    send: (command) => calls.track(sendMessage(command)),
    enqueue: (command) => calls.track(enqueueMessage(command)).andTee(background.wakeQueue),
    markRead: (command) => calls.track(markRead(command)),
    uploadMedia: (command) => calls.track(uploadMedia(command)),
    resolve: (command) => calls.track(resolveMessage(command)).andTee(background.wakeQueue),
    find: (messageId, tenantId) => findMessage(messages, messageId, tenantId),
    recordStatuses: (updates) => calls.track(statuses.record(updates)),
    keepWebhooks(bodies, unread = []) {
      const receivedAt = clock.now();
      const webhooks = bodies.map((body) => ({ id: ids.digest(body), receivedAt, body }));
      return calls.track(ports.inbox.add(webhooks, webhookForwarding !== undefined)).andTee(() => {
        for (const part of unread) telemetry.record({ kind: "WebhookPartUnread", ...part });
      });
    },
    noteRecipients(facts) {
      const now = clock.now();
      const told = facts.map((fact) => clampToNow(now, fact));
      return told.length === 0 ? okAsync() : calls.track(ports.recipients.note(told));
    },
    replayHistory: () => calls.track(ports.outbox.revive("history")),
    check: () =>
      shutdown.closing ? errAsync(closing) : ResultAsync.fromSafePromise(background.recovered()).andThen(readiness),
    tick: background.tick,
    start: background.start,
    close: background.close,
  };
}
