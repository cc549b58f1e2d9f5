import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome } from "../../contracts/fixtures.ts";
import type { Message } from "../../domain/message.ts";
import { createManualClock } from "../manual-clock.ts";
import { createInMemoryStore } from "./store.ts";

const sent = (id: number): Message => ({
  ...withOutcome(withIntent(exampleMessage({ id: `sent-${id}` })), exampleOutcomes.Accepted),
  revision: 1,
});

async function storeOf(messages: readonly Message[], capacity: number) {
  const store = createInMemoryStore({ clock: createManualClock(), capacity });
  const block = { id: sent(0).quotaBlockId, tenantId: "tenant-1", granted: 1000, expiresAt: exampleTime };
  (await store.quotaLedger.open(block, "request"))._unsafeUnwrap();
  for (const message of messages) (await store.messages.accept(message))._unsafeUnwrap();
  return store;
}

describe("beyond its capacity, a store in memory", () => {
  it("forgets the oldest messages", async () => {
    const { messages } = await storeOf(
      Array.from({ length: 50 }, (_, id) => sent(id)),
      20,
    );
    for (let id = 0; id < 50; id += 1) {
      expect((await messages.find({ id: `sent-${id}` }))._unsafeUnwrap() !== undefined).toBe(id >= 30);
    }
  });

  it("forgets a message only once it is finished", async () => {
    const waiting = Array.from({ length: 50 }, (_, id) => exampleMessage({ id: `waiting-${id}` }));
    const { messages } = await storeOf([...waiting, ...Array.from({ length: 50 }, (_, id) => sent(id))], 20);
    const present = async () => (await messages.list({ limit: 200 }))._unsafeUnwrap().messages.map(({ id }) => id);
    expect((await present()).filter((id) => id.startsWith("waiting"))).toHaveLength(50);
    expect((await present()).length).toBeLessThan(60);

    for (const message of waiting) {
      const finished = withOutcome(withIntent(message), exampleOutcomes.Accepted);
      const next = { ...finished, revision: message.revision + 1 };
      expect((await messages.commit({ next }))._unsafeUnwrap()).toMatchObject({ applied: true });
    }
    for (let id = 50; id < 100; id += 1) (await messages.accept(sent(id)))._unsafeUnwrap();
    expect(await present()).toHaveLength(20);
  });

  it("counts the units of messages that it has forgotten", async () => {
    const { quotaLedger } = await storeOf(
      Array.from({ length: 50 }, (_, id) => sent(id)),
      20,
    );
    expect((await quotaLedger.unsettled())._unsafeUnwrap()).toMatchObject([{ used: 50, unfinished: 0 }]);
  });
});
