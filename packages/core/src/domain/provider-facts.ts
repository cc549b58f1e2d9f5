import { copiesOf, isProven } from "./copies.ts";
import { isErased } from "./erased.ts";
import type { Failure } from "./failure.ts";
import type { Attempt, Message, Pricing, ProviderStatus, Report } from "./message.ts";
import { withAttempts } from "./message-changes.ts";

/** One fact about a message from a status webhook. */
export interface ProviderFact {
  readonly status: ProviderStatus;
  readonly at: Date;
  readonly failure?: Failure;
  readonly pricing?: Pricing;
  /** The attempt that it is about, with its WhatsApp id: evidence if the answer was lost. */
  readonly attempt: { readonly number: number; readonly wamid: string };
}

/**
 * Records facts from status webhooks with their attempts. The earliest timestamp of each status wins, together with its failure
 * and pricing. A known fact changes nothing.
 */
export function recordProviderFacts(message: Message, facts: readonly ProviderFact[]): Message {
  // Its ids of WhatsApp, which a report would bring back, have the number of the recipient in them.
  if (isErased(message)) return message;
  let { attempts } = message;
  for (const fact of facts) {
    const attempt = attempts[fact.attempt.number - 1];
    const reported = attempt && withFact(attempt, fact);
    if (reported && reported !== attempt) attempts = attempts.with(attempt.number - 1, reported);
  }
  const at = facts.at(-1)?.at;
  return at && attempts !== message.attempts ? withAttempts(message, attempts, at, firstProof(attempts)) : message;
}

function withFact(attempt: Attempt, { status, at, failure, pricing, attempt: { wamid } }: ProviderFact): Attempt {
  const { reports = [] } = attempt;
  const report: Report = reports.find((other) => other.wamid === wamid) ?? { wamid, statuses: {} };
  const known = report.statuses[status];
  if (known && known <= at) return attempt;
  const { failure: knownFailure, ...rest } = report;
  const said = status === "failed" ? failure : knownFailure;
  const next: Report = {
    ...rest,
    statuses: { ...report.statuses, [status]: at },
    ...(said && { failure: said }),
    ...(pricing && { pricing: { ...report.pricing, [status]: pricing } }),
  };
  const others = reports.filter((other) => other !== report);
  return { ...attempt, reports: [...others, next].toSorted((one, other) => (one.wamid < other.wamid ? -1 : 1)) };
}

/** WhatsApp's earliest timestamp of an attempt that it accepted. */
function firstProof(attempts: readonly Attempt[]): Date | undefined {
  return copiesOf({ attempts })
    .filter(({ attempt, report }) => isProven(attempt, report))
    .flatMap(({ report }) => (report ? Object.entries(report.statuses) : []))
    .flatMap(([status, at]) => (status === "failed" ? [] : at))
    .reduce<Date | undefined>((first, at) => (first && first <= at ? first : at), undefined);
}
