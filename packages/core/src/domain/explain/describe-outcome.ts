import { isOpenAmbiguity, sawSuccess } from "../copies.ts";
import type { Failure, FailureClass } from "../failure.ts";
import type { Message } from "../message.ts";
import type { Outcome } from "../outcome.ts";

/** The outcome of an attempt as a clause: no capital of its own, no full stop. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case "Accepted":
      return "WhatsApp accepted it";
    case "Refused":
    case "CredentialRefused":
    case "Throttled":
      return describeFailure(outcome.failure);
    case "NotSent":
      return `the request was not sent (${outcome.cause})`;
    case "Ambiguous":
      return outcome.sawSuccess
        ? `WhatsApp answered with success, but the answer cannot be read (${outcome.cause})`
        : `no readable answer arrived (${outcome.cause})`;
  }
}

/** Meta's code and its meaning, as a clause. */
export function describeFailure({ code, title, details }: Failure): string {
  const words = title ?? details.replace(/[\s.]+$/, "");
  return code === undefined ? words : `${code}, ${words}`;
}

/** How likely it is that a message with an unknown outcome was sent, as a sentence. */
export function describeAmbiguity({ attempts }: Message): string {
  if (sawSuccess(attempts))
    return "WhatsApp answered an attempt with success, so the message was almost certainly sent.";
  return attempts.some(isOpenAmbiguity)
    ? "An attempt ended without a readable answer, so the message may have been sent."
    : "WhatsApp answered with an error that sometimes follows a successful send, so the message may have been sent.";
}

/** What a rejection concerns, which is why it is final. */
export const subjects: Readonly<Record<FailureClass, string>> = {
  transient: "WhatsApp",
  throttled: "a limit",
  credentials: "the access token",
  permission: "the access token's permissions",
  account: "the WhatsApp account or its number",
  policy: "one of WhatsApp's policies",
  recipient: "the recipient",
  request: "the request itself",
  template: "the template",
  protocol: "an answer that is not from the Graph API",
};
