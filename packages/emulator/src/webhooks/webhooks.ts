import { z } from "zod";

import { shuffled } from "../collections/shuffled.ts";
import type { Audience } from "../graph/people/audience.ts";
import type { GraphMessage } from "../graph/graph-message.ts";
import type { Delivery, WebhookRecord } from "./delivery.ts";
import { createInbound, type Inbound } from "./inbound.ts";
import { createStatusWebhooks, type Progress } from "./status-webhooks.ts";
import type { WebhookError, WebhookSource } from "./webhook-payload.ts";
import { createWebhookSender } from "./webhook-sender.ts";
import { targetSchema, type WebhookTarget } from "./webhook-target.ts";

/** Without `url` and `appSecret`, nothing is sent until `Webhooks.target` is called. */
export interface WebhookOptions extends Partial<WebhookTarget> {
  /** The statuses that each message goes through. Default: `["sent", "delivered", "read"]`. */
  readonly statuses?: readonly Progress[];
  /** Milliseconds before each status, counted from the one before it or from the acceptance. Default: 0. */
  readonly delayMs?: number | Readonly<Partial<Record<Progress, number>>>;
  /** The business's phone number as people see it, in digits. Default: one derived from the phone number id. */
  readonly phoneDisplay?: string;
  /** How many requests may be in flight at once. Default: 1, so that webhooks arrive in order. */
  readonly concurrency?: number;
  /**
   * The pauses before the retries of a webhook that was not answered with 200. Other webhooks do not wait for them.
   * Default: `[0, 100, 500, 2_500]`, so five attempts in all. Meta retries for seven days.
   */
  readonly retryPausesMs?: readonly number[];
  /** How long to wait for the answer to a webhook. Default: 10,000. */
  readonly timeoutMs?: number;
}

/**
 * Sends the status webhooks of messages that are accepted while there is a target, whether or not the client received
 * the answer. As with Meta, a webhook may arrive before that answer.
 */
export interface WebhookControl extends Inbound {
  /**
   * Sets where webhooks go from now on, pending ones included; undefined: nowhere. The target survives a reset. Throws
   * on an invalid target, and on link-local addresses and the metadata services of clouds.
   */
  target(target: WebhookTarget | undefined): void;
  /** Holds webhooks back until `release`. */
  withhold(): void;
  /** Sends the webhooks that were held back. */
  release(): void;
  /** Sends each webhook of the messages to come this many times; 1 turns it off. */
  duplicate(times: number): void;
  /** Whether `release` shuffles. The order is the same every time, and no webhook keeps its place. */
  reorder(on: boolean): void;
  /**
   * Reports `failed` with an error of Meta's instead of `delivered` and `read`, unless an outcome was already sent.
   * `which` is a wamid or a predicate; the first rule that applies is used, until the reset. To name a message by its
   * wamid, withhold before you send it.
   */
  fail(which: string | ((message: GraphMessage) => boolean), errorCode: number, details?: string): void;
  /** Resolves when no webhook is pending: each was answered, given up or withheld. */
  idle(): Promise<void>;
  /** A copy of the newest requests that have ended, oldest first. */
  readonly sent: readonly WebhookRecord[];
}

/** What the emulator itself calls. */
export interface WebhookService extends WebhookControl {
  accepted(message: GraphMessage): void;
  state(): WebhookState;
  /** Turns everything off and drops what is pending; the target stays. */
  reset(): void;
  close(): void;
}

/** As the control API shows it. */
interface WebhookState {
  readonly url: string | null;
  readonly withheld: boolean;
  readonly duplicate: number;
  readonly reorder: boolean;
  readonly onTheWay: number;
  readonly sent: readonly WebhookRecord[];
}

interface FailureRule {
  readonly appliesTo: (message: GraphMessage) => boolean;
  readonly error: WebhookError;
}

const timesSchema = z.int().min(1).max(100);

interface WebhookDeps {
  readonly keep: number;
  readonly now: () => number;
  readonly audience: () => Audience;
  readonly sourceOf: (phoneNumberId: string) => WebhookSource;
  readonly onInbound: (phoneNumberId: string, id: string) => void;
}

export function createWebhooks(options: WebhookOptions, deps: WebhookDeps): WebhookService {
  const { keep, now, audience, onInbound } = deps;
  const { statuses = ["sent", "delivered", "read"], delayMs = 0, phoneDisplay } = options;
  const { url, appSecret, concurrency = 1, retryPausesMs = [0, 100, 500, 2_500], timeoutMs = 10_000 } = options;
  let target = url === undefined && appSecret === undefined ? undefined : targetSchema.parse({ url, appSecret });
  let times = 1;
  let reorders = false;
  let failureRules: FailureRule[] = [];
  let closed = false;
  const sender = createWebhookSender({ target: () => target, keep, concurrency, retryPausesMs, timeoutMs });
  const inbound = createInbound({ now, audience, sourceOf, deliver, onMessage: onInbound });
  const accepted = createStatusWebhooks({ statuses, delayMs, now, sourceOf, failureOf, deliver });

  function deliver(delivery: Delivery, afterMs = 0): void {
    if (!target || closed) return;
    for (let copy = 0; copy < times; copy += 1) sender.schedule(delivery, afterMs);
  }

  function failureOf(message: GraphMessage): WebhookError | undefined {
    return failureRules.find(({ appliesTo }) => appliesTo(message))?.error;
  }

  function sourceOf(phoneNumberId: string): WebhookSource {
    const source = deps.sourceOf(phoneNumberId);
    return phoneDisplay === undefined ? source : { ...source, displayPhoneNumber: phoneDisplay };
  }

  return {
    ...inbound,
    accepted,
    target(next) {
      target = next && targetSchema.parse(next);
    },
    withhold: () => sender.pause(),
    release: () => sender.resume(reorders ? shuffled : undefined),
    duplicate(count) {
      times = timesSchema.parse(count);
    },
    reorder(on) {
      reorders = on;
    },
    fail(which, code, details) {
      const appliesTo = typeof which === "string" ? ({ wamid }: GraphMessage) => wamid === which : which;
      failureRules.push({ appliesTo, error: { code, ...(details !== undefined && { details }) } });
    },
    idle: () => sender.idle(),
    get sent() {
      return sender.sent;
    },
    state: () => ({
      url: target?.url ?? null,
      withheld: sender.paused,
      duplicate: times,
      reorder: reorders,
      onTheWay: sender.pendingCount,
      sent: sender.sent,
    }),
    reset() {
      times = 1;
      reorders = false;
      failureRules = [];
      sender.drop();
      sender.resume();
      sender.clearLog();
    },
    close() {
      closed = true;
      sender.drop();
    },
  };
}
