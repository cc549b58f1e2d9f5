import type { Failure } from "./failure.ts";

/** What WhatsApp told us of somebody whom one of our numbers writes to: times, and nothing of what they said. */
export interface Recipient {
  /** When they last wrote to the number, or called it. */
  readonly wroteAt?: Date;
  /** When they last asked for marketing to stop, and to go on. */
  readonly stoppedMarketingAt?: Date;
  readonly resumedMarketingAt?: Date;
  /** WhatsApp's own name for them, where it differs. */
  readonly knownAs?: string;
}

/** One thing that we were told. Whoever has a phone number and an id is told of under each. */
export interface RecipientFact {
  readonly kind: "Wrote" | "StoppedMarketing" | "ResumedMarketing";
  /** The number that they wrote to, or that is to stop. */
  readonly phoneNumberId: string;
  /** E.164 with its `+`, or a business-scoped user id. */
  readonly recipient: string;
  readonly at: Date;
}

/** WhatsApp's own name for a recipient of a number, where it differs from the one that the number wrote to. */
export interface RecipientName {
  readonly phoneNumberId: string;
  /** E.164 with its `+`, or a business-scoped user id, as the other name is. */
  readonly recipient: string;
  readonly knownAs: string;
  readonly at: Date;
}

const fields = {
  Wrote: "wroteAt",
  StoppedMarketing: "stoppedMarketingAt",
  ResumedMarketing: "resumedMarketingAt",
} as const;

/** Of each kind the latest time stays. */
export function withRecipientFact(recipient: Recipient, { kind, at }: RecipientFact): Recipient {
  const known = recipient[fields[kind]];
  return known && known >= at ? recipient : { ...recipient, [fields[kind]]: at };
}

/** What was noted of one recipient under two names. */
export function merged(one: Recipient, other: Recipient): Recipient {
  const times = Object.values(fields).flatMap((field) => {
    const [at, otherAt] = [one[field], other[field]];
    const latest = at && otherAt && otherAt < at ? at : (otherAt ?? at);
    return latest ? [[field, latest] as const] : [];
  });
  return Object.fromEntries(times);
}

/** A fact as it is noted when we are told of it: what is yet to come has not happened, whatever its time says. */
export function clampToNow(now: Date, fact: RecipientFact): RecipientFact {
  return fact.at > now ? { ...fact, at: now } : fact;
}

/** Where they asked for both in the same moment, it stops. */
export function hasStoppedMarketing({ stoppedMarketingAt, resumedMarketingAt }: Recipient): boolean {
  return stoppedMarketingAt !== undefined && !(resumedMarketingAt && resumedMarketingAt > stoppedMarketingAt);
}

/** The customer service window: how long after somebody wrote they can be sent more than templates. */
const windowMs = 24 * 3_600_000;

/** The failure of `at`, with what is known of the recipient in its advice where that bears on it. */
export function advise(failure: Failure, recipient: Recipient, at: Date): Failure {
  const known = failure.concerns && adviceOn[failure.concerns](recipient, at);
  return known ? { ...failure, advice: failure.advice ? `${failure.advice} ${known}` : known } : failure;
}

const adviceOn = { window: adviceOnWindow, "opt-out": adviceOnOptOut };

function adviceOnWindow({ wroteAt }: Recipient, at: Date): string {
  if (!wroteAt) {
    return "No message from this recipient is known here under this number or id; WhatsApp may know them by another.";
  }
  const closesAt = new Date(wroteAt.getTime() + windowMs);
  const wrote = `recipient last wrote at ${text(wroteAt)}`;
  return closesAt > at
    ? `WhatsApp says that it is closed, but according to the webhooks received it is open until ${text(closesAt)}, since this ${wrote}. WhatsApp decides.`
    : `This ${wrote}, so the window closed at ${text(closesAt)}.`;
}

function adviceOnOptOut(recipient: Recipient): string | undefined {
  const { stoppedMarketingAt, resumedMarketingAt } = recipient;
  if (stoppedMarketingAt && hasStoppedMarketing(recipient)) return `They stopped it at ${text(stoppedMarketingAt)}.`;
  return (
    resumedMarketingAt &&
    `WhatsApp says that they stopped it, but according to the webhooks received they last allowed it at ${text(resumedMarketingAt)}.`
  );
}

/** Meta's times are whole seconds. */
function text(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}
