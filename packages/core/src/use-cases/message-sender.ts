import { err, errAsync, ok } from "neverthrow";

import type { Identifier, MessageId } from "../domain/identifiers.ts";
import type { Message } from "../domain/message.ts";
import { defaultScheduleMs, type OnAmbiguous } from "../domain/retry-policy.ts";
import type { Clock } from "../ports/clock.ts";
import type { Credentials } from "../ports/credentials.ts";
import type { History } from "../ports/history.ts";
import type { Ids } from "../ports/ids.ts";
import type { MessageStore } from "../ports/message-store.ts";
import type { Outbox } from "../ports/outbox.ts";
import type { Pacer } from "../ports/pacer.ts";
import type { Quota } from "../ports/quota.ts";
import type { QuotaLedger } from "../ports/quota-ledger.ts";
import type { R, Unavailable } from "../ports/result.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { Transport } from "../ports/transport.ts";
import { createBackground } from "./background.ts";
import { createCredentialCache } from "./credential-cache.ts";
import { createHistoryDelivery } from "./deliver-history.ts";
import { closing, createDrain } from "./drain.ts";
import { createQuotaUnits } from "./quota-units.ts";
import { createRecordStatuses, type StatusesRecorded, type StatusUpdate } from "./record-statuses.ts";
import { createRecoverMessages } from "./recover-messages.ts";
import type { SendMessageCommand } from "./send-command.ts";
import { createSendMessage, type SendMessageError, type Sent } from "./send-message.ts";

/** What a sender is made of. `@message-sender/core/in-memory` has an adapter for each. */
export interface MessageSenderPorts {
  readonly messages: MessageStore;
  readonly outbox: Outbox;
  readonly quotaLedger: QuotaLedger;
  readonly credentials: Credentials;
  readonly quota: Quota;
  readonly transport: Transport;
  /** Without one, nothing is told of what was sent. */
  readonly history?: History;
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
  /** How long credentials are used without asking for them again. Default: 300,000. */
  readonly credentialsTtlMs?: number;
}

/** There is no such message, or it is another tenant's. */
export interface MessageNotFound {
  readonly kind: "MessageNotFound";
}

export interface MessageSender {
  /** Sends a message and waits for its end. */
  send(command: SendMessageCommand): R<Sent, SendMessageError>;
  /** Finds a message; with `tenantId`, only one of that tenant. */
  find(messageId: MessageId, tenantId?: Identifier): R<Message, MessageNotFound | Unavailable>;
  /** Writes down what status webhooks say; see `createHttpApp` for the endpoint that takes them. */
  recordStatuses(updates: readonly StatusUpdate[]): R<StatusesRecorded, Unavailable>;
  /** Whether sends can be taken: the store answers and the sender is not closing. */
  check(): R<void, Unavailable>;
  /** One round of what goes on in the background: recovery, history delivery, quota settlement. `start` repeats it. */
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
  const { clock, messages, outbox, history } = ports;
  const { jitter = 0.2, random = Math.random } = options;
  const settings = {
    scheduleMs: options.scheduleMs ?? defaultScheduleMs,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 10_000,
    sendDeadlineMs: options.sendDeadlineMs ?? 60_000,
    onAmbiguous: options.onAmbiguous ?? "resend",
    ...(options.evidenceMs !== undefined && { evidenceMs: options.evidenceMs }),
    spread: () => random() * jitter,
  };
  const credentialsTtlMs = options.credentialsTtlMs ?? 300_000;
  assertDurations({ ...options, ...settings, credentialsTtlMs, jitter });

  const telemetry = ports.telemetry ?? { record: () => {} };
  const drain = createDrain(clock);
  const units = createQuotaUnits({ ...ports, telemetry });
  const delivery = history && createHistoryDelivery({ outbox, history, clock, telemetry });
  const credentials = createCredentialCache(ports.credentials, { clock, ttlMs: credentialsTtlMs, rememberMs: 30_000 });
  const sendMessage = createSendMessage({ ...ports, credentials, telemetry }, settings, units, drain);
  const recoverMessages = createRecoverMessages({ messages, clock, telemetry });
  const background = createBackground({ clock, telemetry, drain, recoverMessages, units, delivery });

  return {
    send: (command) => background.track(sendMessage(command)),
    find: (messageId, tenantId) =>
      messages
        .find({ id: messageId })
        .andThen((message) =>
          message && (tenantId === undefined || message.request.outlet.tenantId === tenantId)
            ? ok(message)
            : err({ kind: "MessageNotFound" } as const),
        ),
    recordStatuses: createRecordStatuses({ ...ports, telemetry }),
    check: () => (drain.closing ? errAsync(closing) : messages.find({ id: "readiness-check" }).map(() => undefined)),
    tick: background.tick,
    start: background.start,
    close: background.close,
  };
}

function assertDurations(options: MessageSenderOptions): void {
  for (const [name, value] of Object.entries(options)) {
    for (const number of Array.isArray(value) ? value : [value]) {
      if (typeof number === "number" && !(number >= 0 && Number.isFinite(number))) {
        throw new RangeError(`${name} must be 0 or more`);
      }
    }
  }
}
