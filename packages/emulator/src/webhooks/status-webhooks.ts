import type { GraphMessage } from "../graph/graph-message.ts";
import type { Delivery, EncodedWebhook } from "./delivery.ts";
import {
  encodeWebhook,
  type StatusEvent,
  type WebhookError,
  webhookPayload,
  type WebhookSource,
} from "./webhook-payload.ts";

/** The statuses of a message that arrives. */
export type Progress = "sent" | "delivered" | "read";

/** `outcome` reports nothing unless the message fails. */
type Step = Progress | "outcome";

interface StatusWebhooksDeps {
  readonly statuses: readonly Progress[];
  readonly delayMs: number | Readonly<Partial<Record<Progress, number>>>;
  readonly now: () => number;
  readonly sourceOf: (phoneNumberId: string) => WebhookSource;
  /** Asked when the message's first outcome is sent. */
  readonly failureOf: (message: GraphMessage) => WebhookError | undefined;
  readonly deliver: (delivery: Delivery, afterMs: number) => void;
}

const isOutcome = (status: Progress) => status !== "sent";

/** Returns what schedules the status webhooks of an accepted message. */
export function createStatusWebhooks(deps: StatusWebhooksDeps): (message: GraphMessage) => void {
  const { statuses, delayMs, now, sourceOf, failureOf, deliver } = deps;
  const firstOutcome = statuses.find(isOutcome);

  function delayBefore(step: Step): number {
    if (step === "outcome") return 0;
    return typeof delayMs === "number" ? delayMs : (delayMs[step] ?? 0);
  }

  /** The event of each step. A message fails at its first outcome, or not at all. */
  function eventsOf(message: GraphMessage) {
    let failed = false;

    return (step: Step, at: number): StatusEvent | undefined => {
      const priced = step === "sent" || step === firstOutcome;
      if (step === "sent") return { message, status: step, at, priced };
      if (failed) return undefined;
      const error = failureOf(message);
      failed = error !== undefined;
      if (error) return { message, status: "failed", at, priced: false, error };
      return step === "outcome" ? undefined : { message, status: step, at, priced };
    };
  }

  function encode(event: StatusEvent | undefined): EncodedWebhook | undefined {
    if (!event) return undefined;
    const { wamid, phoneNumberId } = event.message;
    return {
      body: encodeWebhook(webhookPayload(event, sourceOf(phoneNumberId))),
      statuses: [{ wamid, status: event.status }],
    };
  }

  return (message) => {
    const eventAt = eventsOf(message);
    const acceptedAt = now();
    let afterMs = 0;
    for (const step of stepsOf(message, statuses)) {
      afterMs += delayBefore(step);
      const at = acceptedAt + afterMs;
      deliver({ kind: "status", encode: once(() => encode(eventAt(step, at))) }, afterMs);
    }
  };
}

function stepsOf({ type }: GraphMessage, statuses: readonly Progress[]): readonly Step[] {
  // Meta reports of a reaction only that it was sent.
  const reported = type === "reaction" ? statuses.filter((status) => status === "sent") : statuses;
  // Without an outcome, there is still a step at which the message may fail.
  return reported.some(isOutcome) ? reported : [...reported, "outcome"];
}

/** Retries and duplicates send the same bytes. */
function once<T>(compute: () => T): () => T {
  let computed: { readonly value: T } | undefined;
  return () => (computed ??= { value: compute() }).value;
}
