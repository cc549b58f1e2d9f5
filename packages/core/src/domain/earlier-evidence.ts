import type { Attempt, EarlierEvidence, Message } from "./message.ts";

/**
 * The changed attempts. An attempt on which a decision was made, because a later attempt began or the message was concluded, keeps what
 * was known of it then. It does so once for each decision: what becomes known after the first change was not decided on.
 */
export function withEarlierEvidence(before: Message, changed: readonly Attempt[]): readonly Attempt[] {
  const attempts = before.attempts.length;
  const conclusions = conclusionsOf(before);
  return changed.map((attempt) => {
    const known = before.attempts[attempt.number - 1];
    const wasDecidedOn = attempts > attempt.number || conclusions > 0;
    if (!wasDecidedOn || !known?.ended || known === attempt) return attempt;
    const { ended, reports, earlierEvidence = [] } = known;
    const last = earlierEvidence.at(-1);
    if (last?.attempts === attempts && last.conclusions === conclusions) return attempt;
    const evidence: EarlierEvidence = { ended, ...(reports && { reports }), attempts, conclusions };
    return { ...attempt, earlierEvidence: [...earlierEvidence, evidence] };
  });
}

function conclusionsOf({ conclusion, liftedConclusions = [] }: Message): number {
  return liftedConclusions.length + Number(conclusion !== undefined);
}

/** An attempt as it was known when the next one was decided on, after `made` attempts. */
export function asRepeated(attempt: Attempt, made: number): Attempt {
  return asKnown(attempt, ({ attempts }) => attempts > made);
}

/** An attempt as it was known when the message was concluded, after that many earlier conclusions. */
export function asConcluded(attempt: Attempt, earlierConclusions: number): Attempt {
  return asKnown(attempt, ({ conclusions }) => conclusions > earlierConclusions);
}

/** An attempt as it was known when it was decided what comes after it: the next attempt, or the conclusion. */
export function asDecidedOn({ attempts, liftedConclusions = [] }: Message, attempt: Attempt): Attempt {
  return attempts.length > attempt.number
    ? asRepeated(attempt, attempt.number)
    : asConcluded(attempt, liftedConclusions.length);
}

function asKnown(attempt: Attempt, isSince: (evidence: EarlierEvidence) => boolean): Attempt {
  const since = attempt.earlierEvidence?.find(isSince);
  if (!since) return attempt;
  const { reports: _, earlierEvidence: __, ...rest } = attempt;
  const { ended, reports } = since;
  return { ...rest, ended, ...(reports && { reports }) };
}
