import { errAsync, okAsync, ResultAsync } from "neverthrow";

import type { Identifier, MessageId } from "../content/identifiers.ts";
import type { Message } from "../domain/message.ts";
import { type RecipientFact, clampToNow } from "../domain/recipient.ts";
import { defaultScheduleMs, type OnAmbiguous } from "../domain/retry-policy.ts";
import type { StatusUpdate } from "../domain/status-update.ts";
import { createWallSteps } from "../time/wall-steps.ts";
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
import type { Transport } from "../ports/transport.ts";
import type { WebhookForwarding } from "../ports/webhook-forwarding.ts";
import { safeTelemetry } from "../lifecycle/safe-telemetry.ts";
import { createBackground } from "./maintenance/background.ts";
import { createCredentialCache } from "./credentials/credential-cache.ts";
import { createHistorySubscriber } from "./outbox/deliver-history.ts";
import { createOutboxDelivery } from "./outbox/deliver-outbox.ts";
import { closing, createShutdownSignal } from "../lifecycle/shutdown-signal.ts";
import { createEnqueueMessage, type Enqueued, type EnqueueMessageError } from "./queue/enqueue-message.ts";
import { findMessage, type MessageNotFound } from "./accept/find-message.ts";
import { createForgetOld } from "./maintenance/forget-old.ts";
import { createWebhookSubscriber } from "./outbox/forward-webhooks.ts";
import { createKeysInUse } from "./accept/keys-in-use.ts";
import { createMarkRead, type MarkReadCommand, type MarkReadError } from "./requests/mark-read.ts";
import { createNextAttempt } from "./attempt/next-attempt.ts";
import { createQuotaUnits } from "./quota/quota-units.ts";
import { createRecordStatuses, type StatusesRecorded } from "./webhooks/record-statuses.ts";
import { createRecoverMessages } from "./maintenance/recover-messages.ts";
import { createReadiness } from "./maintenance/readiness.ts";
import { createResolveMessage, type ResolveMessageCommand, type ResolveMessageError } from "./queue/resolve-message.ts";
import { type EnqueueMessageCommand, longestMs, type SendMessageCommand } from "./accept/send-command.ts";
import { createSendMessage, type SendMessageError, type Sent } from "./send/send-message.ts";
import { createInFlight } from "../lifecycle/in-flight.ts";
import { createUnrecordedAttempts } from "./attempt/unrecorded-attempts.ts";
import type { UploadMediaCommand } from "./requests/upload-command.ts";
import { createUploadMedia, type MediaUploaded, type UploadMediaError } from "./requests/upload-media.ts";
import { createQueueWork } from "./queue/work-queue.ts";

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

export interface MessageSenderOptions {
  /** One entry an attempt: the wait before it. Default: 0, 1000, 2000, 4000. Empty is the same as one 0. */
  readonly scheduleMs?: readonly number[];
  /** Each wait is lengthened by up to this share. Default: 0.2. */
  readonly jitter?: number;
  /** Where the jitter comes from: a number from 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Default: 10,000. */
  readonly attemptTimeoutMs?: number;
  /** How long after a call a repeat may begin. Default: 60,000. */
  readonly sendDeadlineMs?: number;
  /** What to do when an attempt ends without an answer. Default: `resend`. */
  readonly onAmbiguous?: OnAmbiguous;
  /** How long `verify` waits for a status webhook. Without webhooks leave it out: `verify` then acts as `hold`. */
  readonly evidenceMs?: number;
  /** How long attempts at a queued message may begin. Default: 3,600,000. */
  readonly ttlMs?: number;
  /** How long messages that have come to an end, and webhooks, are kept. Default: 30 days. */
  readonly retentionMs?: number;
  /** How long a key answers, but no longer than its message is kept. Default: 7 days. */
  readonly keysKeptMs?: number;
  /**
   * How long credentials are used without asking for them again. Default: 300,000. With 0, which is for a source that answers
   * from memory, what it says counts at once: also that it has another credential after one was refused.
   */
  readonly credentialsTtlMs?: number;
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

/** Puts the ports together to a sender. Throws a `RangeError` for options that make no sense. */
export function createMessageSender(ports: MessageSenderPorts, options: MessageSenderOptions = {}): MessageSender {
  const { messages, history, webhookForwarding, ids } = ports;
  const wallSteps = createWallSteps(ports.clock);
  const { clock } = wallSteps;
  const { jitter = 0.2, random = Math.random } = options;
  const settings = {
    scheduleMs: options.scheduleMs ?? defaultScheduleMs,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 10_000,
    sendDeadlineMs: options.sendDeadlineMs ?? 60_000,
    onAmbiguous: options.onAmbiguous ?? "resend",
    ...(options.evidenceMs !== undefined && { evidenceMs: options.evidenceMs }),
    ttlMs: options.ttlMs ?? 3_600_000,
    retentionMs: options.retentionMs ?? 30 * dayMs,
    keysKeptMs: options.keysKeptMs ?? 7 * dayMs,
    spread: () => random() * jitter,
  };
  const credentialsTtlMs = options.credentialsTtlMs ?? 300_000;
  assertDurations({ ...options, ...settings, credentialsTtlMs, jitter });

  const telemetry = safeTelemetry(ports.telemetry);
  const credentials = createCredentialCache(ports.credentials, { clock, ttlMs: credentialsTtlMs, rememberMs: 30_000 });
  const unrecorded = createUnrecordedAttempts({ ...ports, clock, telemetry });
  const parts = { ...ports, clock, wallSteps, credentials, telemetry, unrecorded };
  const shutdown = createShutdownSignal(clock);
  const calls = createInFlight(() => background.wake());
  const units = createQuotaUnits(parts);
  const keysInUse = createKeysInUse();
  const nextAttempt = createNextAttempt(parts, settings, shutdown);
  const sendMessage = createSendMessage(parts, settings, { units, keysInUse, nextAttempt }, shutdown);
  const enqueueMessage = createEnqueueMessage(parts, settings, units, keysInUse, shutdown);
  const resolveMessage = createResolveMessage(parts, settings, units);
  const markRead = createMarkRead(parts, settings, shutdown);
  const uploadMedia = createUploadMedia(parts, shutdown);
  const statuses = createRecordStatuses(parts);
  const readiness = createReadiness(parts);
  const background = createBackground({
    clock,
    telemetry,
    shutdown,
    calls,
    units,
    recoverMessages: createRecoverMessages(parts),
    settleUnrecorded: unrecorded.settle,
    recordParked: statuses.recordParked,
    forgetOld: createForgetOld(parts, settings),
    queue: createQueueWork({ ...parts, nextAttempt, shutdown, track: calls.track }),
    deliveries: [
      ...(history ? [createOutboxDelivery(parts, createHistorySubscriber(history, telemetry))] : []),
      ...(webhookForwarding
        ? [createOutboxDelivery(parts, createWebhookSubscriber(webhookForwarding, telemetry))]
        : []),
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

const dayMs = 86_400_000;

function assertDurations(options: MessageSenderOptions): void {
  for (const [name, value] of Object.entries(options)) {
    for (const number of Array.isArray(value) ? value : [value]) {
      if (typeof number === "number" && !(number >= 0 && number <= longestMs)) {
        throw new RangeError(`${name} must be 0 or more, and at most ten years`);
      }
    }
  }
}
