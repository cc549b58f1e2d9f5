import type { ConclusionReason, Message } from "../message.ts";
import { whenConcluded, ruleOf } from "./describe-conclusion.ts";

/** Why a conclusion was withdrawn: an operator resolved it, evidence on a lost attempt arrived, or a caller repeated its key. */
type LiftedBy = "resend" | "abandon" | "evidence" | "repeat";

/** A conclusion that was withdrawn and no longer counts. */
export interface EarlierConclusion {
  readonly as: ConclusionReason;
  readonly at: Date;
  readonly reason: string;
  readonly liftedAt: Date;
  readonly liftedBy: LiftedBy;
}

type Lifted = NonNullable<Message["liftedConclusions"]>[number];

/** The withdrawn conclusions, each with the reason that held at the time. */
export function earlierConclusions(message: Message): readonly EarlierConclusion[] {
  const { liftedConclusions = [], conclusion } = message;
  return liftedConclusions.map((lifted, index) => {
    const next = liftedConclusions[index + 1] ?? conclusion;
    const { as, at, liftedAt } = lifted;
    return {
      as,
      at,
      reason: `${ruleOf(asItWas(message, lifted, index), lifted)}.`,
      liftedAt,
      liftedBy: by(message, lifted, next),
    };
  });
}

/** Abandoning and settling a message conclude it again at the time at which they withdraw the earlier conclusion. */
function by({ resends = [] }: Message, { liftedAt }: Lifted, next: Message["conclusion"]): LiftedBy {
  if (resends.some(({ at }) => at.getTime() === liftedAt.getTime())) return "resend";
  if (next?.at.getTime() !== liftedAt.getTime()) return "repeat";
  return next.as === "abandoned" ? "abandon" : "evidence";
}

/** The message as it was at the conclusion. Only a waiting call ends at its deadline, so the mode is that of a call. */
function asItWas(message: Message, { at }: Lifted, earlierConclusions: number): Message {
  const { conclusion: _, ...open } = message;
  const then: Message = {
    ...open,
    mode: "waiting",
    attempts: message.attempts.filter(({ startedAt }) => startedAt <= at),
    resends: (message.resends ?? []).filter((resend) => resend.at <= at),
  };
  return whenConcluded(then, earlierConclusions);
}
