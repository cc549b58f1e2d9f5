import { type Attempt, explain, type Message, type MessageDeliveries, statusOf } from "@message-sender/core";
import {
  asDecidedOn,
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
import { deliverySteps } from "./deliveries.ts";
import { describeEnd } from "./describe-end.ts";
import { capitalized } from "../words/capitalized.ts";
import { duration } from "../words/duration.ts";
import type { Step, StepTone } from "./step.ts";
import { waitsBefore, waitsBeforeEnd, whyQueued } from "./waits.ts";

/** Everything that is recorded about a message, in the order of time. Recipient and content are not in it, and numbers are masked. */
export function stepsOf(message: Message, now: Date, deliveries?: MessageDeliveries): readonly Step[] {
  const steps = [
    accepted(message),
    ...attemptSteps(message, now),
    ...decisions(message),
    ...(deliveries ? deliverySteps(deliveries, now) : []),
    ...ahead(message, now),
  ];
  return steps
    .map((step, index) => ({ step, index }))
    .toSorted((one, other) => one.step.at.getTime() - other.step.at.getTime() || one.index - other.index)
    .map(({ step }) => (step.reason === undefined ? step : { ...step, reason: maskedText(capitalized(step.reason)) }));
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
    ...decidedOn(message, attempt),
    ...(attempt.reports ?? []).flatMap((report) => reported(report)),
  ]);
}

function attemptStep(message: Message, attempt: Attempt, now: Date): Step {
  const { number, startedAt, ended, via, presumed } = attempt;
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
    title: presumed ? `Attempt ${number} may have been made: ${title}` : `Attempt ${number}${api}: ${title}, ${lasted}`,
    reason,
  };
}

/** The outcome that the decision after an attempt was made on, if the present one was recorded after that. */
function decidedOn(message: Message, attempt: Attempt): readonly Step[] {
  const { ended } = asDecidedOn(message, attempt);
  if (!ended || ended.outcome.kind === attempt.ended?.outcome.kind) return [];
  const { title, tone } = describeEnd(ended.outcome);
  const reason = "cause" in ended.outcome ? { reason: ended.outcome.cause } : {};
  return [
    { lane: "decisions", at: ended.at, tone, title: `Attempt ${attempt.number} counted as: ${title}`, ...reason },
  ];
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
  const { conclusion, liftedConclusions = [], resends = [], historyReplays = [] } = message;
  const earlier = earlierConclusions(message).flatMap((each, index) =>
    concluded(message, each, each.reason, liftedConclusions[index]?.by),
  );
  const repeated = earlierConclusions(message).filter(({ liftedBy }) => liftedBy === "repeat");
  return [
    ...earlier,
    ...(conclusion ? concluded(message, conclusion, explainConclusion(message), conclusion.by) : []),
    ...resends.map(({ at, by }): Step => ({
      lane: "decisions",
      at,
      tone: "info",
      title: `Resend requested${byWhom(by)}`,
    })),
    ...historyReplays.map(({ at, by, version }): Step => ({
      lane: "decisions",
      at,
      tone: "info",
      title: `Resend of the history requested${byWhom(by)}`,
      ...(version !== undefined && { reason: `Everything was delivered: version ${version} is delivered again.` }),
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
  message: Message,
  { as, at }: Pick<EarlierConclusion, "as" | "at">,
  why: string | undefined,
  by: string | undefined,
): readonly Step[] {
  const tone = as === "canceled" || as === "abandoned" ? "warn" : "bad";
  const reason = [why, withoutAttempt(message, at)].filter((text) => text !== undefined).join(" ");
  const end: Step = { lane: "decisions", at, tone, title: `Given up: ${as}${byWhom(by)}` };
  return [...waitsBeforeEnd(message, at), reason === "" ? end : { ...end, reason }];
}

/** Says that it was given up before an attempt was made, or before one was made again. */
function withoutAttempt({ attempts, resends = [] }: Message, at: Date): string | undefined {
  const made = attempts.filter(({ startedAt }) => startedAt <= at).length;
  if (made === 0) return "No attempt was made.";
  const resend = resends.findLast((each) => each.at <= at);
  return resend?.earlierAttempts === made ? "No attempt was made since the resend." : undefined;
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
  const reason =
    explainHold(message) ?? (due && due > now ? undefined : whyQueued(message, now.getTime() - since.getTime()));
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
