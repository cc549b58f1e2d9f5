import type { Attempt, Message } from "@message-sender/core";
import { asDecidedOn } from "@message-sender/core/adapter";

import { duration } from "../words/duration.ts";
import type { Step } from "./step.ts";

/** The shortest wait that is a step of its own, in milliseconds. */
const shortestWaitMs = 20;
/** The shortest wait in the queue that somebody may ask about. */
const shortestExplainedMs = 1000;

/** Why a message that is due waits in the queue. Undefined if it has not waited long. */
export function whyQueued({ mode }: Message, ms: number): string | undefined {
  if (mode !== "queued" || ms < shortestExplainedMs) return undefined;
  return "The messages of a number take turns at its rate, and those to a recipient go in order: one that is repeated delays the next. A pause or an outage holds them longer.";
}

/** What passed before an attempt: the schedule or the queue, then the wait for its permit. */
export function waitsBefore(message: Message, attempt: Attempt): readonly Step[] {
  const { number, startedAt, waitedMs = 0 } = attempt;
  const since = freeSince(message, attempt);
  const askedAt = new Date(Math.max(since.getTime(), startedAt.getTime() - waitedMs));
  const isFirst = number === 1;
  return [
    ...(isFirst ? waitForSchedule(message, since) : []),
    ...wait(
      since,
      askedAt,
      (time) => (isFirst ? `Waited ${time} in the queue` : `Waited ${time} before attempt ${number}`),
      isFirst ? whyQueued(message, askedAt.getTime() - since.getTime()) : whyRepeated(message, attempt),
    ),
    ...wait(
      askedAt,
      startedAt,
      (time) => `Waited ${time} for a permit to send`,
      "The rates of the number and of the recipient, and the connections to WhatsApp, are shared: each attempt takes its turn.",
    ),
  ];
}

/** What passed since the last attempt when a message was given up: nothing, if that was decided at once. */
export function waitsBeforeEnd(message: Message, endedAt: Date): readonly Step[] {
  const made = message.attempts.filter(({ startedAt }) => startedAt <= endedAt).length;
  const since = freeSince(message, { number: made + 1, startedAt: endedAt });
  const isQueued = made === 0 && message.mode === "queued";
  return [
    ...(made === 0 ? waitForSchedule(message, since) : []),
    ...wait(since, endedAt, (time) => `Waited ${time} ${isQueued ? "in the queue" : "before it was given up"}`),
  ];
}

function waitForSchedule({ acceptedAt, policy }: Message, until: Date): readonly Step[] {
  return policy.scheduledAt ? wait(acceptedAt, until, (time) => `Waited ${time} for its scheduled time`) : [];
}

function wait(at: Date, until: Date, title: (time: string) => string, reason?: string): readonly Step[] {
  const ms = until.getTime() - at.getTime();
  if (ms < shortestWaitMs) return [];
  return [
    {
      lane: "waits",
      at,
      until,
      tone: "neutral",
      title: title(duration(ms)),
      ...(reason !== undefined && { reason }),
    },
  ];
}

/** When nothing but its turn was in the way of an attempt: the end of the one before, unless something began anew in between. */
function freeSince(message: Message, { number, startedAt }: Pick<Attempt, "number" | "startedAt">): Date {
  const { acceptedAt, policy, attempts, resends = [], liftedConclusions = [] } = message;
  const before = attempts[number - 2];
  const ended = (before && asDecidedOn(message, before).ended?.at) ?? policy.scheduledAt ?? acceptedAt;
  const anew = [...resends.map(({ at }) => at), ...liftedConclusions.map(({ liftedAt }) => liftedAt)];
  const latest = anew
    .filter((at) => at > ended && at <= startedAt)
    .toSorted((one, other) => other.getTime() - one.getTime());
  return latest[0] ?? (ended < startedAt ? ended : startedAt);
}

function whyRepeated({ policy, resends = [] }: Message, { number, startedAt }: Attempt): string | undefined {
  const { at: resentAt, earlierAttempts = 0 } = resends.findLast(({ at }) => at <= startedAt) ?? {};
  const ms = policy.scheduleMs[number - earlierAttempts - 1];
  if (ms === undefined) return undefined;
  const restarted = resentAt ? ", which the resend began anew" : "";
  return `The retry schedule${restarted}: ${duration(ms)}, spread at random, unless WhatsApp asked for more, or an outage or a pause held it longer.`;
}
