import type { Attempt, Message } from "@message-sender/core";
import { asDecidedOn } from "@message-sender/core/adapter";

import { duration } from "../words/duration.ts";
import type { Step } from "./step.ts";

/** The shortest wait that is a step of its own, in milliseconds. */
const shortestWaitMs = 20;

/** What passed before an attempt: the schedule or the queue, then the wait for its permit. */
export function waitsBefore(message: Message, attempt: Attempt): readonly Step[] {
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
  const { acceptedAt, policy } = message;
  if (isFirst && policy.scheduledAt) wait(acceptedAt, since, (time) => `Waited ${time} for its scheduled time`);
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
function freeSince(message: Message, { number, startedAt }: Attempt): Date {
  const { acceptedAt, policy, attempts, resends = [], liftedConclusions = [] } = message;
  const before = attempts[number - 2];
  const ended = (before && asDecidedOn(message, before).ended?.at) ?? policy.scheduledAt ?? acceptedAt;
  const anew = [...resends.map(({ at }) => at), ...liftedConclusions.map(({ liftedAt }) => liftedAt)];
  const latest = anew
    .filter((at) => at > ended && at <= startedAt)
    .toSorted((one, other) => other.getTime() - one.getTime());
  return latest[0] ?? (ended < startedAt ? ended : startedAt);
}

function whyWaited({ policy, resends = [] }: Message, { number, startedAt }: Attempt): string | undefined {
  if (number === 1) return undefined;
  const { at: resentAt, earlierAttempts = 0 } = resends.findLast(({ at }) => at <= startedAt) ?? {};
  const ms = policy.scheduleMs[number - earlierAttempts - 1];
  if (ms === undefined) return undefined;
  const restarted = resentAt ? ", which the resend began anew" : "";
  return `The retry schedule${restarted}: ${duration(ms)}, spread at random, unless WhatsApp asked for more, or an outage or a pause held it longer.`;
}
