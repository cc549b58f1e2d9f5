import { type Attempt, explain, type Message, statusOf } from "@message-sender/core";
import {
  type EarlierConclusion,
  earlierConclusions,
  explainConclusion,
  explainHold,
  nextAttemptAt,
  type ProviderStatus,
  queueDueAt,
  type Report,
} from "@message-sender/core/adapter";

import { maskedText } from "../messages/masked.ts";
import { describeEnd } from "./describe-end.ts";
import { duration } from "./duration.ts";

/** Where a step is drawn. */
export type Lane = "waits" | "attempts" | "webhooks" | "decisions" | "deliveries";
export type StepTone = "neutral" | "good" | "warn" | "bad" | "info";

/** Something that happened to a message, or that will. */
export interface Step {
  readonly lane: Lane;
  readonly at: Date;
  /** Of something that lasted. */
  readonly until?: Date;
  /** It goes on, or is still to come. */
  readonly isOpen?: boolean;
  readonly tone: StepTone;
  readonly title: string;
  /** Why: what the ledger says. */
  readonly reason?: string;
}

/** Everything that is recorded about a message, in the order of time. Recipient and content are not in it, and numbers are masked. */
export function stepsOf(message: Message, now: Date): readonly Step[] {
  const steps = [accepted(message), ...attemptSteps(message, now), ...decisions(message), ...ahead(message, now)];
  return steps
    .map((step, index) => ({ step, index }))
    .toSorted((one, other) => one.step.at.getTime() - other.step.at.getTime() || one.index - other.index)
    .map(({ step }) => (step.reason === undefined ? step : { ...step, reason: maskedText(step.reason) }));
}

function accepted({ acceptedAt, mode, policy }: Message): Step {
  const how = mode === "queued" ? "Accepted for the queue" : "Accepted";
  const due = policy.scheduledAt ? `It is scheduled for ${policy.scheduledAt.toISOString()}.` : undefined;
  return { lane: "decisions", at: acceptedAt, tone: "neutral", title: how, ...(due !== undefined && { reason: due }) };
}

function attemptSteps(message: Message, now: Date): readonly Step[] {
  return message.attempts.flatMap((attempt) => [
    ...waitsBefore(message, attempt),
    attemptStep(message, attempt, now),
    ...(attempt.reports ?? []).flatMap((report) => reported(report)),
  ]);
}

/** The shortest wait that is a step of its own, in milliseconds. */
const shortestWaitMs = 20;

/** What passed before an attempt: the schedule or the queue, then the wait for its permit. */
function waitsBefore(message: Message, attempt: Attempt): readonly Step[] {
  const { number, startedAt, waitedMs = 0 } = attempt;
  const since = freeSince(message, attempt);
  const askedAt = new Date(Math.max(since.getTime(), startedAt.getTime() - waitedMs));
  const waits: Step[] = [];
  const wait = (at: Date, until: Date, title: (time: string) => string, reason?: string): void => {
    const ms = until.getTime() - at.getTime();
    if (ms < shortestWaitMs) return;
    waits.push({
      lane: "waits",
      at,
      until,
      tone: "neutral",
      title: title(duration(ms)),
      ...(reason !== undefined && { reason }),
    });
  };
  const isFirst = number === 1;
  wait(
    since,
    askedAt,
    (time) => (isFirst ? `Waited ${time} in the queue` : `Waited ${time} before attempt ${number}`),
    whyWaited(message, attempt),
  );
  wait(
    askedAt,
    startedAt,
    (time) => `Waited ${time} for a permit to send`,
    "The rates of the number and of the recipient, and the connections to WhatsApp, are shared: each attempt takes its turn.",
  );
  return waits;
}

/** When nothing but its turn was in the way of an attempt: the end of the one before, unless something began anew in between. */
function freeSince(
  { acceptedAt, policy, attempts, resends = [], liftedConclusions = [] }: Message,
  { number, startedAt }: Attempt,
): Date {
  const before = attempts[number - 2];
  const ended = before?.ended?.at ?? policy.scheduledAt ?? acceptedAt;
  const anew = [...resends.map(({ at }) => at), ...liftedConclusions.map(({ liftedAt }) => liftedAt)];
  const latest = anew
    .filter((at) => at > ended && at <= startedAt)
    .toSorted((one, other) => other.getTime() - one.getTime());
  return latest[0] ?? (ended < startedAt ? ended : startedAt);
}

function whyWaited({ attempts, policy }: Message, { number }: Attempt): string | undefined {
  if (number === 1) return policy.scheduledAt && "It was scheduled.";
  const before = attempts[number - 2];
  return before?.ended && `After attempt ${number - 1}: ${describeEnd(before.ended.outcome).title}.`;
}

function attemptStep(message: Message, attempt: Attempt, now: Date): Step {
  const { number, startedAt, ended, via } = attempt;
  const api = via === "marketing" ? " by the Marketing Messages API" : "";
  const { reason } = explain(message, attempt);
  if (!ended) {
    const title = `Attempt ${number}${api}: no answer yet`;
    return {
      lane: "attempts",
      at: startedAt,
      until: now > startedAt ? now : startedAt,
      isOpen: true,
      tone: "info",
      title,
      reason,
    };
  }
  const { title, tone } = describeEnd(ended.outcome);
  const lasted = duration(ended.durationMs);
  return {
    lane: "attempts",
    at: startedAt,
    until: ended.at,
    tone,
    title: `Attempt ${number}${api}: ${title}, ${lasted}`,
    reason,
  };
}

const reportedAs: Readonly<Record<ProviderStatus, { readonly title: string; readonly tone: StepTone }>> = {
  sent: { title: "WhatsApp reports: sent", tone: "neutral" },
  delivered: { title: "WhatsApp reports: delivered", tone: "good" },
  read: { title: "WhatsApp reports: read", tone: "good" },
  played: { title: "WhatsApp reports: played", tone: "good" },
  failed: { title: "WhatsApp reports: failed", tone: "bad" },
};

function reported({ statuses, failure }: Report): readonly Step[] {
  return (Object.entries(statuses) as [ProviderStatus, Date][]).map(([status, at]) => ({
    lane: "webhooks",
    at,
    ...reportedAs[status],
    ...(status === "failed" &&
      failure && { reason: [failure.code, failure.title ?? failure.details].filter(Boolean).join(", ") }),
  }));
}

/** What was decided by others than the schedule: conclusions, and operators who lifted them. */
function decisions(message: Message): readonly Step[] {
  const { conclusion, liftedConclusions = [], resends = [] } = message;
  const earlier = earlierConclusions(message).map((each, index) =>
    concluded(each, each.reason, liftedConclusions[index]?.by),
  );
  const repeated = earlierConclusions(message).filter(({ liftedBy }) => liftedBy === "repeat");
  return [
    ...earlier,
    ...(conclusion ? [concluded(conclusion, explainConclusion(message), conclusion.by)] : []),
    ...resends.map(({ at, by }): Step => ({
      lane: "decisions",
      at,
      tone: "info",
      title: `Resend requested${byWhom(by)}`,
    })),
    ...repeated.map(({ liftedAt: at }): Step => ({
      lane: "decisions",
      at,
      tone: "info",
      title: "Reopened: its caller repeated the request",
    })),
  ];
}

function concluded(
  { as, at }: Pick<EarlierConclusion, "as" | "at">,
  reason: string | undefined,
  by: string | undefined,
): Step {
  const tone = as === "canceled" || as === "abandoned" ? "warn" : "bad";
  return {
    lane: "decisions",
    at,
    tone,
    title: `Given up: ${as}${byWhom(by)}`,
    ...(reason !== undefined && { reason }),
  };
}

function byWhom(by: string | undefined): string {
  return by === undefined ? "" : ` by ${by}`;
}

/** What is still to come: the wait for the next attempt. */
function ahead(message: Message, now: Date): readonly Step[] {
  if (statusOf(message) !== "queued") return [];
  const due = message.mode === "queued" ? queueDueAt(message) : nextAttemptAt(message);
  const since = message.attempts.at(-1)?.ended?.at ?? message.acceptedAt;
  const at = message.resends?.at(-1)?.at ?? since;
  const until = due && due > now ? due : now;
  const number = message.attempts.length + 1;
  const title =
    due && due > now
      ? `Attempt ${number} is due in ${duration(due.getTime() - now.getTime())}`
      : `Attempt ${number} waits for its turn`;
  const reason = explainHold(message);
  return [
    {
      lane: "waits",
      at: at > since ? at : since,
      until,
      isOpen: true,
      tone: "info",
      title,
      ...(reason !== undefined && { reason }),
    },
  ];
}
