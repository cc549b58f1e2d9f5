import { httpStatusOf, type Outcome } from "@message-sender/core/adapter";

/** How an attempt ended, in a few words. */
export function describeEnd(outcome: Outcome): { readonly title: string; readonly tone: "good" | "warn" | "bad" } {
  switch (outcome.kind) {
    case "Accepted":
      return { title: "accepted by WhatsApp", tone: "good" };
    case "Refused":
      return { title: `refused${codeOf(outcome)}`, tone: "bad" };
    case "CredentialRefused":
      return { title: `credentials refused${codeOf(outcome)}`, tone: "bad" };
    case "Throttled":
      return { title: `throttled${codeOf(outcome)}`, tone: "warn" };
    case "NotSent":
      return { title: "not sent", tone: "bad" };
    case "Ambiguous":
      return { title: "outcome unknown", tone: "warn" };
  }
}

/** Meta's code, or the HTTP status of an answer without one. */
function codeOf(outcome: Extract<Outcome, { failure: unknown }>): string {
  const { code } = outcome.failure;
  if (code !== undefined) return ` with ${code}`;
  const status = httpStatusOf(outcome);
  return status === undefined ? "" : ` with HTTP ${status}`;
}
