import { createMessageSender } from "@message-sender/core";
import type { StatusCallbacks, StatusDelivery } from "@message-sender/core/adapter";
import { exampleCommand } from "@message-sender/core/contracts";
import { createTestPorts } from "@message-sender/core/in-memory";
import { ResultAsync } from "neverthrow";
import { expect, it } from "vitest";

import { createReceiverGate } from "./receiver-gate.ts";

const answerMs = 5;
/** Each is queued, sending and sent, which makes three events. */
const messages = 300;

/** Numbers from 0 to 1 that look random, and are the same in each run. */
function createRandom(): () => number {
  let state = 7;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

/** After how many seconds the receiver has all events. `fails` says whether it fails a request, by its number and its time. */
async function secondsUntilAllArrived(fails: (request: number, ms: number) => boolean): Promise<number> {
  const ports = createTestPorts();
  const { clock } = ports;
  const gate = createReceiverGate({ clock, share: () => 256 });
  const startMs = clock.monotonicMs();
  const arrived = new Set<string>();
  let requests = 0;
  async function post(id: string): Promise<StatusDelivery> {
    requests += 1;
    const isFailed = fails(requests, clock.monotonicMs() - startMs);
    await clock.sleep(answerMs);
    if (isFailed) return { kind: "retry", reason: "answered HTTP 503", httpStatus: 503 };
    arrived.add(id);
    return { kind: "delivered" };
  }
  const statusCallbacks: StatusCallbacks = {
    isWanted: () => true,
    deliver: ({ messageId, version }) => ResultAsync.fromSafePromise(gate.pass(() => post(`${messageId}:${version}`))),
  };
  const sender = createMessageSender({ ...ports, statusCallbacks });
  sender.start();
  const sends = Array.from({ length: messages }, (_, index) =>
    sender.send({ ...exampleCommand, conversationId: `conversation-${index}` }),
  );
  while (arrived.size < 3 * messages && clock.monotonicMs() < startMs + 3_600_000) await clock.advance(1000);
  const seconds = (clock.monotonicMs() - startMs) / 1000;
  await clock.runUntil(Promise.all([...sends, sender.close()]));
  return seconds;
}

const random = createRandom();
const isAway = (ms: number) => ms >= 2000 && ms < 12_000;

it.each<[string, (request: number, ms: number) => boolean, number]>([
  ["answers each request", () => false, 2],
  ["fails every third request", (request) => request % 3 === 0, 60],
  ["fails a quarter of its requests at random", () => random() < 1 / 4, 60],
  ["fails half of its requests at random", () => random() < 1 / 2, 180],
  ["fails every third request and is away for 10 s", (request, ms) => isAway(ms) || request % 3 === 0, 90],
])("a receiver that %s has all events soon", async (_, fails, seconds) => {
  expect(await secondsUntilAllArrived(fails)).toBeLessThanOrEqual(seconds);
});
