import type { ConclusionReason, Message } from "../message.ts";
import { ruleOf } from "./stop-words.ts";

/** What took a conclusion back: an operator who resolved it, what came of a lost attempt, or a caller who repeated its key. */
type LiftedBy = "resend" | "abandon" | "evidence" | "repeat";

/** A conclusion that was taken back and no longer counts. */
export interface EarlierConclusion {
  readonly as: ConclusionReason;
  readonly at: Date;
  readonly reason: string;
  readonly liftedAt: Date;
  readonly liftedBy: LiftedBy;
}

type Lifted = NonNullable<Message["liftedConclusions"]>[number];

/** The conclusions that were taken back, each with its reason at that time. */
export function earlierConclusions(message: Message): readonly EarlierConclusion[] {
  const { liftedConclusions = [], conclusion } = message;
  return liftedConclusions.map((lifted, index) => {
    const next = liftedConclusions[index + 1] ?? conclusion;
    const { as, at, liftedAt } = lifted;
    return {
      as,
      at,
      reason: `${ruleOf(asItWas(message, lifted), lifted)}.`,
      liftedAt,
      liftedBy: by(message, lifted, next),
    };
  });
}

/** What gives up or settles a message concludes it anew in the same moment. */
function by({ resends = [] }: Message, { liftedAt }: Lifted, next: Message["conclusion"]): LiftedBy {
  if (resends.some(({ at }) => at.getTime() === liftedAt.getTime())) return "resend";
  if (next?.at.getTime() !== liftedAt.getTime()) return "repeat";
  return next.as === "abandoned" ? "abandon" : "evidence";
}

/** Only a waiting call ends for its deadline, and what the queue counts differently says nothing of why the queue stopped. */
function asItWas(message: Message, { at }: Lifted): Message {
  const { conclusion: _, ...open } = message;
  return {
    ...open,
    mode: "waiting",
    attempts: message.attempts.filter(({ startedAt }) => startedAt <= at),
    resends: (message.resends ?? []).filter((resend) => resend.at <= at),
  };
}
