/** A message's document in the store, read without the code that wrote it. */
export interface StoredMessage {
  readonly id: string;
  readonly version: number;
  readonly mode: string;
  readonly acceptedAt: string;
  readonly request: {
    readonly outlet: { readonly tenantId: string };
    readonly reference?: string;
    readonly traceparent?: string;
  };
  readonly policy: { readonly onAmbiguous: string };
  readonly attempts: readonly StoredAttempt[];
  readonly conclusion?: { readonly as: string };
  readonly liftedConclusions?: readonly { readonly as: string; readonly liftedAt: string }[];
  readonly resends?: readonly { readonly at: string; readonly earlierAttempts: number }[];
}

interface StoredAttempt {
  readonly number: number;
  readonly startedAt: string;
  readonly ended?: { readonly outcome: StoredOutcome };
  readonly reports?: readonly StoredReport[];
}

interface StoredReport {
  readonly wamid: string;
  readonly statuses: Readonly<Record<string, string>>;
}

export interface StoredOutcome {
  readonly kind: string;
  readonly final?: boolean;
  readonly sawSuccess?: boolean;
  readonly wamid?: string;
}

/** The message's status, by rules of its own. The first match wins. */
export function statusOf(message: StoredMessage): string {
  const { attempts, conclusion } = message;
  const says = (...names: string[]): boolean => attempts.some((attempt) => isReported(attempt, ...names));
  if (says("read", "played")) return "read";
  if (says("delivered")) return "delivered";
  if (attempts.some(isAlive)) return "sent";
  if (conclusion?.as === "abandoned") return "failed";
  if (attempts.some(({ ended }) => !ended)) return "sending";
  if (!hasEnded(message)) return "queued";
  if (attempts.some(isOpen)) return "unknown";
  if (conclusion?.as === "canceled" || conclusion?.as === "expired") return conclusion.as;
  return "failed";
}

/** Whether WhatsApp accepted one of its attempts, even if that failed later. */
export function wasAccepted({ attempts }: StoredMessage): boolean {
  return attempts.some(isAccepted);
}

/** A unit is returned only if it is proven that nothing was sent. */
export function holdsUnit(message: StoredMessage): boolean {
  const isSettled = ["failed", "expired", "canceled"].includes(statusOf(message));
  return wasAccepted(message) || !isSettled || message.conclusion?.as === "abandoned";
}

export function isReported({ reports = [] }: StoredAttempt, ...names: string[]): boolean {
  return reports.some(({ statuses }) => names.some((name) => statuses[name] !== undefined));
}

function hasEnded(message: StoredMessage): boolean {
  const earlier = message.resends?.at(-1)?.earlierAttempts ?? 0;
  return message.conclusion !== undefined || message.attempts.slice(earlier).some(isAccepted);
}

function isAccepted(attempt: StoredAttempt): boolean {
  return attempt.ended?.outcome.kind === "Accepted" || isReported(attempt, "sent", "delivered", "read", "played");
}

function isAlive(attempt: StoredAttempt): boolean {
  return isAccepted(attempt) && (!isReported(attempt, "failed") || isReported(attempt, "delivered", "read", "played"));
}

function isOpen({ ended, reports }: StoredAttempt): boolean {
  return ended?.outcome.kind === "Ambiguous" && !reports;
}
