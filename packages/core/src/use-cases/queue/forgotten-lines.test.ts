import { errAsync } from "neverthrow";
import { expect, it } from "vitest";

import { exampleCommand } from "../../contracts/fixtures.ts";
import { createTestPorts } from "../../in-memory/index.ts";
import type { MessageQueue } from "../../ports/store/message-queue.ts";
import { createMessageSender } from "../message-sender.ts";

const leaseMs = 3000;

/** A process that has a queued message, and whose lease is renewed every second. `queue` replaces calls of its store. */
async function start(queueOf: (ports: ReturnType<typeof createTestPorts>) => Partial<MessageQueue>) {
  const ports = createTestPorts();
  const { clock, transport } = ports;
  let beatMs = clock.monotonicMs();
  const lease = { validForMs: () => Math.max(0, beatMs + leaseMs - clock.monotonicMs()), surplus: () => 0 };
  const queue = { ...ports.queue, ...queueOf(ports) };
  const sender = createMessageSender({ ...ports, lease, queue });
  (await sender.enqueue(exampleCommand))._unsafeUnwrap();
  sender.start();
  return {
    submissions: transport.submissions,
    async advance(seconds: number) {
      for (let second = 0; second < seconds; second += 1) {
        await clock.advance(1000);
        beatMs = clock.monotonicMs();
      }
    },
    close: () => clock.runUntil(sender.close()),
  };
}

it("lines are not lost where the store takes longer to answer than the lease lasts, and the lease is renewed", async () => {
  let claims = 0;
  const { submissions, advance, close } = await start(({ queue, clock }) => ({
    claim: (limit) => {
      claims += 1;
      return queue.claim(limit).map(async (lines) => {
        if (claims === 1) await clock.sleep(2 * leaseMs);
        return lines;
      });
    },
  }));
  await advance(20);
  expect(submissions).toHaveLength(1);
  await close();
});

it("a release that fails is repeated, also where there is nothing else to release", async () => {
  const released: string[] = [];
  const { submissions, advance, close } = await start(({ queue }) => ({
    release: (lines) => {
      released.push(...lines.map(({ outletId }) => outletId));
      return released.length === 1 ? errAsync({ kind: "Unavailable", reason: "away" }) : queue.release(lines);
    },
  }));
  await advance(5);
  expect(submissions).toHaveLength(1);
  expect(released).toEqual([exampleCommand.outletId, exampleCommand.outletId]);
  await close();
});
