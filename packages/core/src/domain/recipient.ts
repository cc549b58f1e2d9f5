import type { Failure } from "./failure.ts";

/** What WhatsApp reported about a recipient of one of our numbers: times, and nothing of what they wrote. */
export interface Recipient {
  /** When they last wrote to the number, or called it. */
  readonly wroteAt?: Date;
  /** When they last opted out of marketing, and when they last opted in again. */
  readonly stoppedMarketingAt?: Date;
  readonly resumedMarketingAt?: Date;
  /** WhatsApp's own number or id for them, if it differs. */
  readonly knownAs?: string;
}

/** One fact about a recipient. Somebody with a phone number and a user id has each fact under both. */
export interface RecipientFact {
  readonly kind: "Wrote" | "StoppedMarketing" | "ResumedMarketing";
  /** The number that they wrote to, or opted out of. */
  readonly phoneNumberId: string;
  /** E.164 with its `+`, or a business-scoped user id. */
  readonly recipient: string;
  readonly at: Date;
}

/** WhatsApp's own number or id for a recipient, if it differs from the one that was written to. */
export interface RecipientName {
  readonly phoneNumberId: string;
  /** E.164 with its `+`, or a business-scoped user id, as `knownAs` is. */
  readonly recipient: string;
  readonly knownAs: string;
  readonly at: Date;
}

const fields = {
  Wrote: "wroteAt",
  StoppedMarketing: "stoppedMarketingAt",
  ResumedMarketing: "resumedMarketingAt",
} as const;

/** The recipient with a fact. The latest time of each kind wins. */
export function withRecipientFact(recipient: Recipient, { kind, at }: RecipientFact): Recipient {
  const known = recipient[fields[kind]];
  return known && known >= at ? recipient : { ...recipient, [fields[kind]]: at };
}

/** The facts about one recipient that were noted under two names. */
export function merged(one: Recipient, other: Recipient): Recipient {
  const times = Object.values(fields).flatMap((field) => {
    const [at, otherAt] = [one[field], other[field]];
    const latest = at && otherAt && otherAt < at ? at : (otherAt ?? at);
    return latest ? [[field, latest] as const] : [];
  });
  return Object.fromEntries(times);
}

/** The fact with its time capped at `now`: nothing happens in the future. */
export function clampToNow(now: Date, fact: RecipientFact): RecipientFact {
  return fact.at > now ? { ...fact, at: now } : fact;
}

/** Whether they have opted out. An opt-out wins over an opt-in at the same time. */
export function hasStoppedMarketing({ stoppedMarketingAt, resumedMarketingAt }: Recipient): boolean {
  return stoppedMarketingAt !== undefined && !(resumedMarketingAt && resumedMarketingAt > stoppedMarketingAt);
}

/** The customer service window: for how long after somebody wrote they may be sent more than templates. */
const windowMs = 24 * 3_600_000;

/** The failure of time `at`, with what is known about the recipient added to its advice if that explains it. */
export function advise(failure: Failure, recipient: Recipient, at: Date): Failure {
  const { concerns } = failure;
  const known = concerns && concerns !== "pause" && adviceOn[concerns](recipient, at);
  return known ? { ...failure, advice: failure.advice ? `${failure.advice} ${known}` : known } : failure;
}

const adviceOn = { window: adviceOnWindow, "opt-out": adviceOnOptOut };

function adviceOnWindow({ wroteAt }: Recipient, at: Date): string {
  if (!wroteAt) {
    return "No message from this recipient has been received under this number or id; WhatsApp may know them by another.";
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
