import { z } from "zod";

import type { Audience } from "../graph/audience.ts";
import type { GraphMessage } from "../graph/graph-message.ts";
import { isMetadataUrl } from "./metadata-addresses.ts";
import { createInbound, type Inbound } from "./inbound.ts";
import { shuffled } from "../collections/shuffled.ts";
import { encodeWebhook, type WebhookError, webhookPayload, type WebhookSource } from "./webhook-payload.ts";
import type { StatusEvent } from "./webhook-payload.ts";
import { createWebhookSender, type Delivery, type WebhookRecord, type WebhookTarget } from "./webhook-sender.ts";

type Progress = "sent" | "delivered" | "read";

/** Without a URL and a secret nothing is sent until `target` names them. */
export interface WebhookOptions extends Partial<WebhookTarget> {
  /** What each message goes through. Default: `["sent", "delivered", "read"]`. */
  readonly statuses?: readonly Progress[];
  /** The pause before each status, after the one before it or the acceptance. Default: 0. */
  readonly delayMs?: number | Readonly<Partial<Record<Progress, number>>>;
  /** The number as users see it, in digits. Default: one derived from the phone number id. */
  readonly phoneDisplay?: string;
  /** How many requests may be open at once. Default: 1, so that webhooks arrive in their order. */
  readonly concurrency?: number;
  /**
   * When a webhook comes again that was not answered with 200, and how often. Default: `[0, 100, 500, 2_500]`, so five
   * times in all, where Meta goes on for seven days. The others do not wait meanwhile.
   */
  readonly retryPausesMs?: readonly number[];
  /** When an answer no longer counts. Default: 10,000. */
  readonly timeoutMs?: number;
}

/**
 * Status webhooks of the messages that were accepted while there was a target, whether or not the answer to the send
 * arrived; a webhook may overtake that answer, as Meta's may.
 */
export interface Webhooks extends Inbound {
  /**
   * Where they go from here on, those that are pending too; outlives a reset. undefined: nowhere. Link-local addresses and
   * the metadata services of clouds are refused.
   */
  target(target: WebhookTarget | undefined): void;
  /** Keeps them back until `release`. */
  withhold(): void;
  /** Sends what was kept back. */
  release(): void;
  /** Each webhook of the messages to come is sent so many times; 1 ends it. */
  duplicate(times: number): void;
  /** Whether `release` shuffles: the same way each time, and no webhook stays in its place. */
  reorder(on: boolean): void;
  /**
   * A `failed` status with an error of Meta's in the place of `delivered` and `read`, for what is not yet sent: withhold
   * before a message whose wamid is to be named. The first rule that fits is taken, until the reset.
   */
  fail(which: string | ((message: GraphMessage) => boolean), errorCode: number, details?: string): void;
  /** Resolves when nothing is on its way: sent and answered, given up, or withheld. */
  idle(): Promise<void>;
  /** The newest requests that have ended, oldest first, as a copy. */
  readonly sent: readonly WebhookRecord[];
}

/** The side that the sandbox holds. */
export interface WebhookService extends Webhooks {
  accepted(message: GraphMessage): void;
  state(): WebhookState;
  /** All switches off and nothing pending; the target stays. */
  reset(): void;
  close(): void;
}

interface WebhookState {
  readonly url: string | null;
  readonly withheld: boolean;
  readonly duplicate: number;
  readonly reorder: boolean;
  readonly onTheWay: number;
  readonly sent: readonly WebhookRecord[];
}

interface Rule {
  readonly concerns: (message: GraphMessage) => boolean;
  readonly error: WebhookError;
}

export const targetSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).refine((url) => !isMetadataUrl(url), {
    error: "leads to a link-local address or a cloud's metadata service",
  }),
  appSecret: z.string().min(1),
});
const timesSchema = z.int().min(1).max(100);

interface WebhookDeps {
  readonly keep: number;
  readonly now: () => number;
  readonly audience: () => Audience;
  readonly sourceOf: (phoneNumberId: string) => WebhookSource;
  readonly onInbound: (phoneNumberId: string, id: string) => void;
}

export function createWebhooks(options: WebhookOptions, deps: WebhookDeps): WebhookService {
  const { keep, now, audience } = deps;
  const { statuses = ["sent", "delivered", "read"], delayMs = 0, phoneDisplay } = options;
  const { url, appSecret, concurrency = 1, retryPausesMs = [0, 100, 500, 2_500], timeoutMs = 10_000 } = options;
  const isOutcome = (status: Progress) => status !== "sent";
  const firstOutcome = statuses.find(isOutcome);
  let target = url === undefined && appSecret === undefined ? undefined : targetSchema.parse({ url, appSecret });
  let times = 1;
  let reordered = false;
  let rules: Rule[] = [];
  let closed = false;
  const sender = createWebhookSender({ target: () => target, keep, concurrency, retryPausesMs, timeoutMs });
  const inbound = createInbound({ now, audience, sourceOf, deliver, onMessage: deps.onInbound });

  function accepted(message: GraphMessage): void {
    const fate = createFate(message);
    // Meta tells of a reaction only that it was sent.
    const due = message.type === "reaction" ? statuses.filter((status) => status === "sent") : statuses;
    // Without an outcome there is still the moment at which the message may fail.
    const steps: readonly (Progress | "outcome")[] = due.some(isOutcome) ? due : [...due, "outcome"];
    const acceptedAt = now();
    let afterMs = 0;
    for (const step of steps) {
      afterMs += step === "outcome" ? 0 : pauseBefore(step);
      deliver(fate(step, acceptedAt + afterMs), afterMs);
    }
  }

  function deliver(delivery: Delivery, afterMs = 0): void {
    if (!target || closed) return;
    for (let copy = 0; copy < times; copy += 1) sender.schedule(delivery, afterMs);
  }

  /** Decides at the last moment: at the first outcome that goes out the message fails or it does not. */
  function createFate(message: GraphMessage) {
    let failed = false;

    function eventAt(step: Progress | "outcome", at: number): StatusEvent | undefined {
      const priced = step === "sent" || step === firstOutcome;
      if (step === "sent") return { message, status: step, at, priced };
      if (failed) return undefined;
      const rule = rules.find(({ concerns }) => concerns(message));
      failed = rule !== undefined;
      if (rule) return { message, status: "failed", at, priced: false, error: rule.error };
      return step === "outcome" ? undefined : { message, status: step, at, priced };
    }

    return (step: Progress | "outcome", at: number): Delivery => {
      let encoded: ReturnType<Delivery["encode"]> | "unknown" = "unknown";
      return {
        kind: "status",
        encode() {
          if (encoded !== "unknown") return encoded;
          const event = eventAt(step, at);
          encoded = event && {
            body: encodeWebhook(webhookPayload(event, sourceOf(message.phoneNumberId))),
            statuses: [{ wamid: message.wamid, status: event.status }],
          };
          return encoded;
        },
      };
    };
  }

  function sourceOf(phoneNumberId: string): WebhookSource {
    const source = deps.sourceOf(phoneNumberId);
    return phoneDisplay === undefined ? source : { ...source, displayPhoneNumber: phoneDisplay };
  }

  function pauseBefore(status: Progress): number {
    return typeof delayMs === "number" ? delayMs : (delayMs[status] ?? 0);
  }

  function reset(): void {
    times = 1;
    reordered = false;
    rules = [];
    sender.drop();
    sender.resume();
    sender.clearLog();
  }

  return {
    ...inbound,
    accepted,
    target(next) {
      target = next && targetSchema.parse(next);
    },
    withhold: () => sender.pause(),
    release: () => sender.resume(reordered ? shuffled : undefined),
    duplicate(count) {
      times = timesSchema.parse(count);
    },
    reorder(on) {
      reordered = on;
    },
    fail(which, code, details) {
      const concerns = typeof which === "string" ? ({ wamid }: GraphMessage) => wamid === which : which;
      rules.push({ concerns, error: { code, ...(details === undefined ? {} : { details }) } });
    },
    idle: () => sender.idle(),
    get sent() {
      return sender.sent;
    },
    state: () => ({
      url: target?.url ?? null,
      withheld: sender.paused,
      duplicate: times,
      reorder: reordered,
      onTheWay: sender.onTheWay,
      sent: sender.sent,
    }),
    reset,
    close() {
      closed = true;
      sender.drop();
    },
  };
}
