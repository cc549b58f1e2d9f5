import type { Failure } from "./failure.ts";
import type { Attempt, Message, Report } from "./message.ts";
import { failureOf, type Outcome } from "./outcome.ts";

/**
 * One copy of a message at WhatsApp: an attempt under one of the ids that WhatsApp gave it. A report about one copy says nothing
 * about another.
 */
export interface Copy {
  readonly attempt: Attempt;
  readonly wamid?: string;
  readonly report?: Report;
}

/** An attempt has one copy, unless webhooks name further ids for it. */
export function copiesOf({ attempts }: Pick<Message, "attempts">): readonly Copy[] {
  const [only] = attempts;
  return attempts.length === 1 && only ? copiesOfAttempt(only) : attempts.flatMap(copiesOfAttempt);
}

function copiesOfAttempt(attempt: Attempt): readonly Copy[] {
  const { reports } = attempt;
  const answered = acceptedWamid(attempt);
  if (!reports) return [answered === undefined ? { attempt } : { attempt, wamid: answered }];
  const others = reports
    .filter(({ wamid }) => wamid !== answered)
    .map((report): Copy => ({ attempt, wamid: report.wamid, report }));
  if (answered === undefined) return others.length > 0 ? others : [{ attempt }];
  const report = reports.find(({ wamid }) => wamid === answered);
  return [{ attempt, wamid: answered, ...(report && { report }) }, ...others];
}

function acceptedWamid({ ended }: Attempt): string | undefined {
  return ended?.outcome.kind === "Accepted" ? ended.outcome.wamid : undefined;
}

/** WhatsApp delivered the copy. */
export function hasArrived({ report }: Copy): boolean {
  const { delivered, read, played } = report?.statuses ?? {};
  return (delivered ?? read ?? played) !== undefined;
}

/** WhatsApp accepted the copy: its answer said so, or a webhook reported a status other than `failed`. */
export function isProven(copy: Copy): boolean {
  return isAccepted(copy) || copy.report?.statuses.sent !== undefined || hasArrived(copy);
}

function isAccepted({ attempt, wamid }: Copy): boolean {
  return wamid !== undefined && acceptedWamid(attempt) === wamid;
}

/** WhatsApp accepted the copy, and it has not failed. */
export function isAlive(copy: Copy): boolean {
  return isProven(copy) && !isDead(copy);
}

/** WhatsApp reported that the copy failed, or rejected it and never reported it as sent. It was not delivered. */
export function isDead(copy: Copy): boolean {
  if (hasArrived(copy)) return false;
  const { failed, sent } = copy.report?.statuses ?? {};
  return failed !== undefined || (sent === undefined && isRejected(copy));
}

function isRejected({ attempt }: Copy): boolean {
  return attempt.ended !== undefined && failureOf(attempt.ended.outcome) !== undefined;
}

/** The copy whose status the message shows: the live one that got furthest, otherwise the last dead one. */
export function decidingCopy(message: Pick<Message, "attempts">): Copy | undefined {
  const copies = copiesOf(message);
  let furthest: Copy | undefined;
  for (const copy of copies) {
    if (isAlive(copy) && (!furthest || progressOf(copy) > progressOf(furthest))) furthest = copy;
  }
  return furthest ?? copies.findLast(isDead);
}

function progressOf({ report }: Copy): number {
  const { delivered, read, played } = report?.statuses ?? {};
  if (read ?? played) return 2;
  return delivered ? 1 : 0;
}

/** Why the copy failed. A webhook overrides WhatsApp's answer. */
export function failureOfCopy({ attempt, report }: Copy): Failure | undefined {
  if (report?.statuses.failed) return report.failure;
  return attempt.ended && failureOf(attempt.ended.outcome);
}

/**
 * The outcome of an attempt, with what webhooks have reported since: an attempt that WhatsApp never accepted, and that a webhook
 * reports as `failed`, counts as rejected.
 */
export function outcomeOf(attempt: Attempt): Outcome | undefined {
  const outcome = attempt.ended?.outcome;
  if (!outcome || !attempt.reports) return outcome;
  const copies = copiesOfAttempt(attempt);
  const failed = copies.findLast(({ report }) => report?.statuses.failed);
  return failed && !copies.some(isProven) ? rejectedWith(failed.report?.failure) : outcome;
}

/** The answer to the attempt was lost, and no webhook has reported on it. */
export function isOpenAmbiguity({ ended, reports }: Attempt): boolean {
  return ended?.outcome.kind === "Ambiguous" && !reports;
}

/** WhatsApp answered one of the attempts with a success that could not be read. */
export function sawSuccess(attempts: readonly Attempt[]): boolean {
  return attempts.some((attempt) => {
    const outcome = outcomeOf(attempt);
    return outcome?.kind === "Ambiguous" && outcome.sawSuccess;
  });
}

function rejectedWith(
  failure: Failure = { class: "protocol", details: "WhatsApp did not say why it failed" },
): Outcome {
  if (failure.class === "throttled") return { kind: "Throttled", scope: "number", failure };
  return { kind: "Refused", failure, final: failure.class !== "transient", maybeProcessed: false };
}
