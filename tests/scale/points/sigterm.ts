import { join } from "node:path";

import { pause } from "../../crash/driver/wait.ts";
import type { Point, RunOptions } from "../point.ts";
import { describeSeen } from "../rules.ts";
import { endedMessages, type ListedMessage } from "../world/listed-messages.ts";
import { type Answers, startMixedTraffic } from "../world/mixed-traffic.ts";
import type { Services } from "../world/services.ts";
import { openWorld, type StoreName, type World } from "../world/world.ts";

const perSecond = 200;
/** What arrives at WhatsApp is less steady than what is sent to the server. */
const offeredPerSecond = 220;
const outlets = 10;
const measuredMs = 2000;
const reachedLimitMs = 30_000;
const exitLimitMs = 25_000;

/** The server is told to end while it sends to WhatsApp at this rate: half of the messages wait for their result, half are queued. */
export const sigterm: Point = {
  title: `SIGTERM under ${perSecond} messages a second`,
  async run(options) {
    const seen: string[] = [];
    const violations: string[] = [];
    const stores: readonly StoreName[] = options.store ? [options.store] : ["sqlite", "postgres"];
    for (const store of stores) {
      const found = await endAgainAndAgain(store, options);
      seen.push(...found.seen.map((line) => `${store}: ${line}`));
      violations.push(...found.violations.map((violation) => `${store}: ${violation}`));
    }
    return { seen, violations };
  },
};

async function endAgainAndAgain(store: StoreName, { short, graph, folder }: RunOptions) {
  const rounds = short ? 3 : 20;
  const violations: string[] = [];
  const ends: End[] = [];
  const world = await openWorld({ folder: join(folder, store), graph, store, limitPerSecond: 1000 });
  try {
    for (let round = 0; round < rounds; round += 1) {
      const end = await endUnderLoad(world);
      ends.push(end);
      violations.push(...end.violations.map((violation) => `round ${round}: ${violation}`));
    }
    const seen = await world.services.seen();
    const sent = ends.reduce((sum, one) => sum + one.sent, 0);
    if (seen.messages !== sent)
      violations.push(`WhatsApp accepted ${seen.messages} messages, and ${sent} are shown as sent`);
    if (seen.repeated.length > 0) violations.push(`${seen.repeated.length} messages were accepted more than once`);
    const leastRate = Math.min(...ends.map(({ rate }) => rate));
    const mostMs = Math.max(...ends.map(({ exitMs }) => exitMs));
    const left = ends.reduce((sum, one) => sum + one.leftQueued, 0);
    return {
      seen: [
        `${rounds} ends under at least ${leastRate.toFixed(0)} messages a second took up to ${mostMs.toFixed(0)} ms`,
        `${left} messages were sent by the next process`,
        `answers of the last round: ${JSON.stringify(Object.fromEntries(ends.at(-1)?.answers.counts ?? []))}`,
        ...describeSeen(seen),
      ],
      violations,
    };
  } finally {
    await world.close();
  }
}

interface End {
  /** How many messages a second WhatsApp got right before the signal. */
  readonly rate: number;
  readonly exitMs: number;
  readonly answers: Answers;
  readonly sent: number;
  /** How many messages the next process sent. */
  readonly leftQueued: number;
  readonly violations: readonly string[];
}

/** Ends a server under load, and has another one send what is left. */
async function endUnderLoad({ startServer, services }: World): Promise<End> {
  const startedAt = new Date();
  const server = await startServer();
  const traffic = startMixedTraffic(server, { perSecond: offeredPerSecond, outlets });
  const rate = await rateReached(services);
  const signaledMs = performance.now();
  server.signal("SIGTERM");
  const { code, signal } = await server.ended;
  const exitMs = performance.now() - signaledMs;
  const acceptedBefore = await services.accepted();
  const answers = await traffic.stop();
  const next = await startServer();
  const messages = await endedMessages(next, startedAt);
  const leftQueued = (await services.accepted()) - acceptedBefore;
  next.signal("SIGTERM");
  await next.ended;
  const violations = [
    ...(rate >= perSecond ? [] : [`only ${rate.toFixed(0)} messages a second reached WhatsApp: this proves nothing`]),
    ...(code === 0 ? [] : [`the server ended with ${code ?? signal}`]),
    ...(exitMs <= exitLimitMs ? [] : [`the server took ${exitMs.toFixed(0)} ms to end`]),
    ...violationsOf(messages, answers),
  ];
  return { rate, exitMs, answers, sent: messages.filter(isSent).length, leftQueued, violations };
}

/** Waits until WhatsApp gets so many a second. Returns how many it got at last if it never does. */
async function rateReached(services: Services): Promise<number> {
  const deadlineMs = performance.now() + reachedLimitMs;
  for (;;) {
    const rate = (await services.arrivedWithin(measuredMs)) / (measuredMs / 1000);
    if (rate >= perSecond || performance.now() > deadlineMs) return rate;
    await pause(50);
  }
}

function violationsOf(messages: readonly ListedMessage[], { acceptedIds }: Answers): readonly string[] {
  const unclear = messages.filter(isUnclear).length;
  const sentIds = new Set(messages.filter(isSent).map(({ message_id }) => message_id));
  const lost = acceptedIds.filter((id) => !sentIds.has(id)).length;
  return [
    ...(unclear === 0 ? [] : [`${unclear} messages are unknown or had an ambiguous attempt`]),
    ...(lost === 0 ? [] : [`${lost} of ${acceptedIds.length} accepted messages were not sent`]),
  ];
}

function isSent({ status }: ListedMessage): boolean {
  return status === "sent" || status === "delivered" || status === "read";
}

function isUnclear({ status, attempts }: ListedMessage): boolean {
  return status === "unknown" || attempts.some(({ outcome }) => outcome === "ambiguous");
}
