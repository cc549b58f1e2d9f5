import type { GraphMessage } from "../graph/graph-message.ts";
import type { Delivery, WebhookUpdate } from "./delivery.ts";
import {
  type StatusEvent,
  type WebhookError,
  webhookPayload,
  type WebhookSource,
  type WebhookStatus,
} from "./webhook-payload.ts";

/** The statuses of a message that arrives. `played` is reported of voice messages only. */
export type Progress = "sent" | "delivered" | "read" | "played";

/** `outcome` reports nothing unless the message fails. */
type Step = Progress | "outcome";

interface StatusSettings {
  readonly statuses: readonly Progress[];
  readonly delayMs: number | Readonly<Partial<Record<Progress, number>>>;
  /** The version of the Graph API that the app's webhooks have, such as 25. */
  readonly subscription: number;
}

/** A status that somebody chose. */
export interface ChosenStatus {
  readonly status: WebhookStatus;
  /** Why it failed; only with `failed`. */
  readonly error?: WebhookError;
  readonly afterMs: number;
}

interface StatusWebhooksDeps {
  readonly settings: () => StatusSettings;
  readonly now: () => number;
  readonly sourceOf: (phoneNumberId: string) => WebhookSource;
  readonly phoneOf: (message: GraphMessage) => string | undefined;
  /** Asked when the message's first outcome is sent. */
  readonly failureOf: (message: GraphMessage) => WebhookError | undefined;
  readonly deliver: (delivery: Omit<Delivery, "id">, afterMs: number) => void;
  /** Told of each status: when it is first sent, or when it was chosen to be. */
  readonly onStatus: (event: StatusEvent) => void;
}

export interface StatusWebhooks {
  /** Schedules the statuses of an accepted message. */
  accepted(message: GraphMessage): void;
  /** Reports a chosen status. What was scheduled for the message and not sent yet is never sent. */
  settle(message: GraphMessage, chosen: ChosenStatus): void;
  save(): readonly SettledMessage[];
  restore(saved: readonly SettledMessage[]): void;
  reset(): void;
}

/** A message whose statuses are chosen: its id, and whether it has had an outcome. */
export type SettledMessage = readonly [wamid: string, so: { readonly outcome: boolean }];

const isOutcome = (status: Progress) => status !== "sent";

export function createStatusWebhooks(deps: StatusWebhooksDeps): StatusWebhooks {
  const { settings, now, sourceOf, phoneOf, failureOf, deliver, onStatus } = deps;
  /** Those whose statuses are chosen, with whether one of them had a price. */
  const settled = new Map<string, { outcome: boolean }>();

  function delayBefore(step: Step): number {
    const { delayMs } = settings();
    if (step === "outcome") return 0;
    return typeof delayMs === "number" ? delayMs : (delayMs[step] ?? 0);
  }

  /** The event of each step. A message fails at its first outcome, or not at all. */
  function eventsOf(message: GraphMessage) {
    const firstOutcome = settings().statuses.find(isOutcome);
    let failed = false;

    return (step: Step, at: number): StatusEvent | undefined => {
      if (settled.has(message.wamid)) return undefined;
      const priced = step === "sent" || step === firstOutcome;
      if (step === "sent") return { message, status: step, at, priced };
      if (failed) return undefined;
      const error = failureOf(message);
      failed = error !== undefined;
      if (error) return { message, status: "failed", at, priced: false, error };
      return step === "outcome" ? undefined : { message, status: step, at, priced };
    };
  }

  function encode(event: StatusEvent | undefined): WebhookUpdate | undefined {
    if (!event) return undefined;
    const { wamid, phoneNumberId } = event.message;
    const known = { ...event, phone: phoneOf(event.message) };
    return {
      payload: webhookPayload(known, sourceOf(phoneNumberId), settings().subscription),
      statuses: [{ wamid, status: event.status }],
    };
  }

  function deliveryOf({ phoneNumberId }: GraphMessage, eventOf: () => StatusEvent | undefined) {
    const about = { wabaId: sourceOf(phoneNumberId).wabaId, phoneNumberId };
    return { kind: "status", about, encode: once(() => encode(eventOf())) } as const;
  }

  return {
    accepted(message) {
      const eventAt = eventsOf(message);
      const acceptedAt = now();
      let afterMs = 0;
      for (const step of stepsOf(message, settings().statuses)) {
        afterMs += delayBefore(step);
        const at = acceptedAt + afterMs;
        const eventOf = () => {
          const event = eventAt(step, at);
          if (event) onStatus(event);
          return event;
        };
        deliver(deliveryOf(message, eventOf), afterMs);
      }
    },
    settle(message, { status, error, afterMs }) {
      const so = settled.get(message.wamid) ?? { outcome: false };
      settled.set(message.wamid, so);
      const priced = status === "sent" || (status !== "failed" && !so.outcome);
      so.outcome ||= status !== "sent";
      const at = now() + afterMs;
      const event = { message, status, at, priced, ...(error && { error }) };
      const onDue = once(() => onStatus(event));
      deliver({ ...deliveryOf(message, () => event), onDue }, afterMs);
    },
    save: () => [...settled],
    restore(saved) {
      for (const [wamid, { outcome }] of saved) settled.set(wamid, { outcome });
    },
    reset: () => settled.clear(),
  };
}

function stepsOf(message: GraphMessage, statuses: readonly Progress[]): readonly Step[] {
  // Meta reports of a reaction only that it was sent.
  const reported = statuses.filter(
    (status) => (status !== "played" || isVoice(message)) && (message.type !== "reaction" || status === "sent"),
  );
  // Without an outcome, there is still a step at which the message may fail.
  return reported.some(isOutcome) ? reported : [...reported, "outcome"];
}

/** Whether it is a voice message, which is an audio with `voice: true` (Cloud API, "Audio messages"). */
function isVoice({ type, body }: GraphMessage): boolean {
  const { audio } = body;
  return type === "audio" && typeof audio === "object" && audio !== null && "voice" in audio && audio.voice === true;
}

/** Retries and duplicates send the same bytes. */
function once<T>(compute: () => T): () => T {
  let computed: { readonly value: T } | undefined;
  return () => (computed ??= { value: compute() }).value;
}
