import { okAsync, ResultAsync } from "neverthrow";
import { expect, it } from "vitest";

import { exampleCommand } from "../../contracts/fixtures.ts";
import { createTestPorts } from "../../in-memory/index.ts";
import type { Outbox } from "../../ports/store/outbox.ts";
import type { StatusCallbacks } from "../../ports/status-callbacks.ts";
import { createMessageSender } from "../message-sender.ts";

const claimTimesMs = [0, 5, 10, 15, 40];
const waitsMs = [0, 12, 20, 30];

// A store is closed after its sender, and answers each use after that with an error.
it.each(claimTimesMs.flatMap((claimMs) => waitsMs.map((waitMs) => ({ claimMs, waitMs }))))(
  "a sender that has closed does not use the outbox: $claimMs ms a claim, closed $waitMs ms after the send",
  async ({ claimMs, waitMs }) => {
    const ports = createTestPorts();
    const { clock, history } = ports;
    const delivered: number[] = [];
    const statusCallbacks: StatusCallbacks = {
      isWanted: () => true,
      deliver: ({ version }) => (delivered.push(version), okAsync({ kind: "delivered" })),
    };
    let begun = 0;
    let ended = 0;
    const outbox: Outbox = {
      ...ports.outbox,
      claim(topic, options) {
        begun += 1;
        const claimed = clock.sleep(claimMs).then(() => ports.outbox.claim(topic, options));
        return new ResultAsync(claimed).andTee(() => (ended += 1));
      },
    };
    const sender = createMessageSender({ ...ports, outbox, statusCallbacks });
    sender.start();
    expect((await clock.runUntil(sender.send(exampleCommand))).isOk()).toBe(true);
    await clock.advance(waitMs);
    await clock.runUntil(sender.close());
    const untilClosed = begun;
    expect(ended).toBe(untilClosed);
    expect(delivered).toEqual([1, 2, 3]);
    expect(history.conversation(exampleCommand.conversationId)).toHaveLength(1);
    await clock.advance(60_000);
    expect(begun).toBe(untilClosed);
  },
);
