import { setTimeout as sleep } from "node:timers/promises";

import { Pool } from "undici";

import { send, sendBody } from "./sends.ts";
import { inParallel } from "./subject.ts";

const outlets = 500;
const othersInParallel = 8;
const hotOutlet = { outlet: outlets, sends: 250 };
const hotRecipient = { outlet: outlets + 1, sends: 30 };
const queueUpMs = 300;

/** The 99th percentile of the send times of many outlets, in milliseconds. */
export interface NeighbourRound {
  readonly aloneMs: number;
  /** While many sends wait for one number, and many for one recipient. */
  readonly besideHotMs: number;
}

let recipients = 0;

export async function measureNeighbours(url: string, count: number): Promise<NeighbourRound> {
  const others = new Pool(url, { connections: othersInParallel, allowH2: false });
  const crowd = new Pool(url, { connections: hotOutlet.sends + hotRecipient.sends, allowH2: false });
  const aloneMs = await p99OfOthers(others, count);
  const recipient = (recipients += 1);
  const forRecipient = sendAll(crowd, hotRecipient, () => recipient);
  const forNumber = sendAll(crowd, hotOutlet, () => (recipients += 1));
  await sleep(queueUpMs);
  const besideHotMs = await p99OfOthers(others, count);
  await forNumber;
  // The queue for one recipient lasts for minutes, and costs nothing.
  await Promise.all([crowd.destroy(), forRecipient, others.close()]);
  return { aloneMs, besideHotMs };
}

async function p99OfOthers(pool: Pool, count: number): Promise<number> {
  const took: number[] = [];
  await inParallel(count, othersInParallel, async (index) => {
    const startedAt = performance.now();
    await send(pool, sendBody((recipients += 1), "Hello! Your order is ready.", index % outlets));
    took.push(performance.now() - startedAt);
  });
  return took.toSorted((a, b) => a - b)[Math.floor(0.99 * took.length)] ?? Number.NaN;
}

/** Ignores the outcomes. */
async function sendAll(pool: Pool, { outlet, sends }: typeof hotOutlet, recipient: () => number): Promise<void> {
  const sending = Array.from({ length: sends }, () =>
    send(pool, sendBody(recipient(), "Hello! Your order is ready.", outlet)),
  );
  await Promise.allSettled(sending);
}
