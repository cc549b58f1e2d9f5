/** A message's document as it lies in the store, read without the code that wrote it. */
export interface StoredMessage {
  readonly id: string;
  readonly version: number;
  readonly mode: string;
  readonly acceptedAt: string;
  readonly request: {
    readonly outlet: { readonly tenantId: string };
    readonly reference?: string;
  };
  readonly policy: { readonly onAmbiguous: string };
  readonly attempts: readonly StoredAttempt[];
  readonly providerStatuses: Readonly<Record<string, string>>;
  readonly conclusion?: { readonly as: string };
  readonly liftedConclusions?: readonly { readonly as: string; readonly liftedAt: string }[];
}

interface StoredAttempt {
  readonly number: number;
  readonly startedAt: string;
  readonly ended?: { readonly outcome: StoredOutcome };
  readonly evidence?: string;
}

export interface StoredOutcome {
  readonly kind: string;
  readonly final?: boolean;
  readonly sawSuccess?: boolean;
  readonly wamid?: string;
}

/** The table of the contract (§5), first match wins. */
export function statusOf(message: StoredMessage): string {
  const { providerStatuses: provider, conclusion } = message;
  if (provider["read"] ?? provider["played"]) return "read";
  if (provider["delivered"]) return "delivered";
  if (provider["failed"]) return "failed";
  if (wasSent(message)) return "sent";
  if (conclusion?.as === "abandoned") return "failed";
  if (conclusion && isAmbiguous(message)) return "unknown";
  if (conclusion?.as === "canceled" || conclusion?.as === "expired") return conclusion.as;
  if (conclusion) return "failed";
  const last = message.attempts.at(-1);
  return last && !last.ended ? "sending" : "queued";
}

export function wasSent({ providerStatuses, attempts }: StoredMessage): boolean {
  return (
    Object.keys(providerStatuses).length > 0 ||
    attempts.some(({ ended, evidence }) => ended?.outcome.kind === "Accepted" || evidence !== undefined)
  );
}

/** A unit comes back when it is proven that nothing was sent (§8). */
export function holdsUnit(message: StoredMessage): boolean {
  const isOpen = ["unknown", "sending", "queued"].includes(statusOf(message));
  return wasSent(message) || isOpen || message.conclusion?.as === "abandoned";
}

function isAmbiguous({ attempts }: StoredMessage): boolean {
  return attempts.some(({ ended }) => ended?.outcome.kind === "Ambiguous");
}
