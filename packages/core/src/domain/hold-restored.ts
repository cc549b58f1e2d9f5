import { amended } from "./amended.ts";
import type { Attempt, Message } from "./message.ts";
import { recoverOrphan } from "./message-changes.ts";
import { withoutHold } from "./next-step.ts";
import { hasOpenAmbiguity, hasTryingEnded, isInFlight } from "./status.ts";

/**
 * Holds a message that was unfinished when its store was backed up: the store that was backed up may have sent it since, so its
 * outcome is unknown and nothing sends it again by itself. The attempt that may have been made is recorded as ambiguous. If
 * the number that it would have been sent from is known by an earlier attempt, a webhook about it settles the message. A message
 * with an attempt in flight is recovered as after a crash first.
 */
export function holdRestored(message: Message, at: Date): Message {
  if (hasTryingEnded(message) && !isInFlight(message)) return message;
  const recovered = isInFlight(message) ? recoverOrphan(message, at) : message;
  if (hasTryingEnded(recovered)) return recovered;
  const attempts = hasOpenAmbiguity(recovered)
    ? recovered.attempts
    : [...recovered.attempts, presumedAttempt(recovered, at)];
  return amended(
    message,
    { attempts, conclusion: { as: "held", at, restored: true } },
    undefined,
    withoutHold(recovered),
  );
}

/** It has the number that the other store would have given it, and so its callback data. */
function presumedAttempt({ attempts }: Message, at: Date): Attempt {
  const phoneNumberId = attempts.findLast((attempt) => attempt.phoneNumberId !== undefined)?.phoneNumberId;
  const cause = "the message was restored from a backup: it may have been sent after the backup was made";
  return {
    number: attempts.length + 1,
    presumed: true,
    ...(phoneNumberId !== undefined && { phoneNumberId }),
    startedAt: at,
    spread: 0,
    ended: { at, durationMs: 0, outcome: { kind: "Ambiguous", sawSuccess: false, cause } },
  };
}
