import { type Message, type MessageSender, statusOf } from "@message-sender/core";
import { type Clock, explainPause, queueDueAt } from "@message-sender/core/adapter";

import { slowdownOfOutlet } from "../service/slowdown-of-outlet.ts";
import { numbersOf, outletsOf } from "../service/numbers.ts";
import type { ServiceFacts } from "../service/service-facts.ts";

interface WhatHoldsParts {
  readonly sender: MessageSender;
  readonly facts: ServiceFacts;
  readonly clock: Clock;
}

/** What holds a queued message back now, other than its schedule, in words: a pause, or what is known of its number. */
export async function whatHolds(
  { sender, facts, clock }: WhatHoldsParts,
  message: Message,
): Promise<string | undefined> {
  if (statusOf(message) !== "queued" || message.mode !== "queued") return undefined;
  const pause = await sender.pauseOf(message);
  if (pause) return explainPause(pause);
  const dueAt = queueDueAt(message);
  const isPaced = message.heldFor === undefined && dueAt?.getTime() === message.heldUntil?.getTime();
  if (!dueAt || (dueAt > clock.now() && !isPaced)) return undefined;
  const reports = await facts.processes();
  return slowdownOfOutlet(message.request.outlet, numbersOf(reports, outletsOf(reports), []));
}
