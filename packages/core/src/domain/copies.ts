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

/** A test of a copy: its attempt, and what webhooks reported of it, if anything. */
type CopyTest = (attempt: Attempt, report: Report | undefined) => boolean;

/** Whether a copy of the message passes the test. */
export function someCopy({ attempts }: Pick<Message, "attempts">, test: CopyTest): boolean {
  for (const attempt of attempts) for (const report of reportsOf(attempt)) if (test(attempt, report)) return true;
  return false;
}

/** An attempt has one copy, unless webhooks name further ids for it. */
export function copiesOf({ attempts }: Pick<Message, "attempts">): readonly Copy[] {
  return attempts.flatMap((attempt) => reportsOf(attempt).map((report) => copyOf(attempt, report)));
}

/** The report of each copy of an attempt. The copy that WhatsApp's answer named comes first, and may have none. */
export function reportsOf(attempt: Attempt): readonly (Report | undefined)[] {
  const { reports = [] } = attempt;
  if (reports.length === 0) return unreported;
  const answered = acceptedWamid(attempt);
  if (answered === undefined) return reports;
  return [reports.find(({ wamid }) => wamid === answered), ...reports.filter(({ wamid }) => wamid !== answered)];
}

const unreported = [undefined];

function copyOf(attempt: Attempt, report: Report | undefined): Copy {
  if (report) return { attempt, wamid: report.wamid, report };
  const wamid = acceptedWamid(attempt);
  return wamid === undefined ? { attempt } : { attempt, wamid };
}

/** The id of a copy. */
export function wamidOf(attempt: Attempt, report: Report | undefined): string | undefined {
  return report ? report.wamid : acceptedWamid(attempt);
}

function acceptedWamid({ ended }: Attempt): string | undefined {
  return ended?.outcome.kind === "Accepted" ? ended.outcome.wamid : undefined;
}

/** WhatsApp delivered the copy. */
export function hasArrived(report: Report | undefined): boolean {
  if (!report) return false;
  const { delivered, read, played } = report.statuses;
  return (delivered ?? read ?? played) !== undefined;
}

/** WhatsApp accepted the copy: its answer said so, or a webhook reported a status other than `failed`. */
export function isProven(attempt: Attempt, report: Report | undefined): boolean {
  return isAccepted(attempt, report) || report?.statuses.sent !== undefined || hasArrived(report);
}

function isAccepted(attempt: Attempt, report: Report | undefined): boolean {
  const answered = acceptedWamid(attempt);
  return answered !== undefined && (!report || report.wamid === answered);
}

/** WhatsApp accepted the copy, and it has not failed. */
export function isAlive(attempt: Attempt, report: Report | undefined): boolean {
  return isProven(attempt, report) && !isDead(attempt, report);
}

/** WhatsApp reported that the copy failed, or rejected it and never reported it as sent. It was not delivered. */
export function isDead(attempt: Attempt, report: Report | undefined): boolean {
  if (hasArrived(report)) return false;
  const isRejected = attempt.ended !== undefined && failureOf(attempt.ended.outcome) !== undefined;
  return report?.statuses.failed !== undefined || (report?.statuses.sent === undefined && isRejected);
}

/** The copy whose status the message shows: the live one that got furthest, otherwise the last dead one. */
export function decidingCopy({ attempts }: Pick<Message, "attempts">): Copy | undefined {
  let alive: Copy | undefined;
  let dead: Copy | undefined;
  for (const attempt of attempts) {
    for (const report of reportsOf(attempt)) {
      if (isDead(attempt, report)) dead = copyOf(attempt, report);
      else if (isProven(attempt, report) && (!alive || progressOf(report) > progressOf(alive.report))) {
        alive = copyOf(attempt, report);
      }
    }
  }
  return alive ?? dead;
}

function progressOf(report: Report | undefined): number {
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
  const failed = reportsOf(attempt).findLast((report) => report?.statuses.failed);
  return failed && !someCopy({ attempts: [attempt] }, isProven) ? rejectedWith(failed.failure) : outcome;
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
