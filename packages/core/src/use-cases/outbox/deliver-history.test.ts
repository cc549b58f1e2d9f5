import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  exampleUnavailable,
  withIntent,
  withOutcome,
} from "../../contracts/fixtures.ts";
import {
  createInMemoryHistory,
  createInMemoryStore,
  createManualClock,
  createRecordingTelemetry,
} from "../../in-memory/index.ts";
import { noTracing } from "../../lifecycle/no-tracing.ts";
import { createShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { History, HistoryEntry, HistoryResult } from "../../ports/history.ts";
import { createHistorySubscriber } from "./deliver-history.ts";
import { createOutboxDelivery } from "./deliver-outbox.ts";
import type { OutboxDelivery } from "./outbox-delivery.ts";

type Answer = (entry: HistoryEntry) => HistoryResult;

let clock: ReturnType<typeof createManualClock>;
let store: ReturnType<typeof createInMemoryStore>;
let telemetry: ReturnType<typeof createRecordingTelemetry>;
let history: ReturnType<typeof createInMemoryHistory>;
let calls: { at: number; ids: string[] }[];
let startedAt: number;

beforeEach(() => {
  clock = createManualClock();
  startedAt = clock.now().getTime();
  store = createInMemoryStore({ clock });
  telemetry = createRecordingTelemetry();
  history = createInMemoryHistory();
  calls = [];
});

function createDelivery(
  answer: Answer = () => "stored",
  storing: History["store"] = storeAs(answer),
): OutboxDelivery<"history"> {
  const recorded: History = {
    store(entries) {
      calls.push({ at: clock.now().getTime() - startedAt, ids: entries.map(({ messageId }) => messageId) });
      return storing(entries);
    },
  };
  return createOutboxDelivery(
    { ...store, clock, telemetry, tracing: noTracing, shutdown: createShutdownSignal(clock) },
    createHistorySubscriber(recorded, telemetry),
  );
}

function storeAs(answer: Answer): History["store"] {
  return (entries) => {
    const results = entries.map(answer);
    return history.store(entries.filter((_, index) => results[index] === "stored")).map(() => results);
  };
}

async function sent(id: string, conversationId = "conversation-1"): Promise<void> {
  const intended = withIntent(exampleMessage({ id, conversationId }));
  const next = withOutcome(intended, exampleOutcomes.Accepted);
  (await store.messages.accept(intended))._unsafeUnwrap();
  (await store.messages.commit({ next, outbox: exampleEntries(intended, next) }))._unsafeUnwrap();
}

/** As the background does it: a round each second. */
async function tickFor(delivery: OutboxDelivery, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await delivery.tick();
    await clock.advance(1000);
  }
  await delivery.tick();
}

const told = (conversationId = "conversation-1") =>
  history.conversation(conversationId).map(({ messageId }) => messageId);

describe("the history", () => {
  it("gets everything that is due, in batches of up to 100 conversations", async () => {
    for (let index = 0; index < 250; index += 1) await sent(`m-${index}`, `conversation-${index}`);
    await createDelivery().tick();
    expect(calls.map(({ ids }) => ids.length)).toEqual([100, 100, 50]);
  });

  it("gets entries in the order of their conversation", async () => {
    for (const id of ["m-1", "m-2", "m-3"]) await sent(id);
    await createDelivery().tick();
    expect(calls.map(({ ids }) => ids)).toEqual([["m-1"], ["m-2"], ["m-3"]]);
  });

  it("gets no entry twice that it has stored", async () => {
    await sent("m-1");
    const delivery = createDelivery();
    await tickFor(delivery, 120);
    expect(calls).toHaveLength(1);
  });

  it("gets entries soon after a wake", async () => {
    await sent("m-1");
    createDelivery().wake();
    await clock.advance(100);
    expect(told()).toEqual(["m-1"]);
  });
});

describe("a history that does not store", () => {
  it("gets the entry again after 1 s and after 5 s more", async () => {
    await sent("m-1");
    const delivery = createDelivery(() => (calls.length <= 2 ? "retry" : "stored"));
    await tickFor(delivery, 10);
    expect(calls.map(({ at }) => at)).toEqual([0, 1000, 6000]);
    expect(told()).toEqual(["m-1"]);
    expect(telemetry.events).toEqual([
      expect.objectContaining({ kind: "HistoryRetried", messageId: "m-1", retryAt: new Date(startedAt + 1000) }),
      expect.objectContaining({ kind: "HistoryRetried", messageId: "m-1", retryAt: new Date(startedAt + 6000) }),
      { kind: "HistoryStored", messageId: "m-1", lagMs: 6000 },
    ]);
  });

  it("gets the entry again after it could not be reached", async () => {
    await sent("m-1");
    const delivery = createDelivery(undefined, (entries) =>
      calls.length === 1 ? errAsync(exampleUnavailable) : history.store(entries),
    );
    await tickFor(delivery, 2);
    expect(calls.map(({ at }) => at)).toEqual([0, 1000]);
    expect(told()).toEqual(["m-1"]);
  });

  it("gets an entry again for which it returned no result", async () => {
    await sent("m-1");
    await sent("m-2", "conversation-2");
    const delivery = createDelivery(undefined, (entries) =>
      calls.length === 1 ? okAsync(["stored"]) : history.store(entries),
    );
    await tickFor(delivery, 2);
    expect(calls.map(({ ids }) => ids)).toEqual([["m-1", "m-2"], ["m-2"]]);
  });

  it("gets it after 1 s, 5 s, 1 min, 5 min, 30 min, then hourly for three days, and then no more", async () => {
    await sent("m-1");
    await sent("m-2");
    const delivery = createDelivery(({ messageId }) => (messageId === "m-1" ? "retry" : "stored"));
    const minute = 60_000;
    const waits = [0, 1000, 5000, minute, 5 * minute, 30 * minute, ...Array.from({ length: 72 }, () => 60 * minute)];
    let at = 0;
    for (const wait of waits) {
      await clock.advance(wait);
      at += wait;
      await delivery.tick();
      expect(calls.at(-1)?.at).toBe(at);
    }
    expect(calls.filter(({ ids }) => ids.includes("m-1"))).toHaveLength(78);
    expect(telemetry.events).toContainEqual(expect.objectContaining({ kind: "HistoryDead", messageId: "m-1" }));
    expect(told()).toEqual(["m-2"]);
  });

  it("keeps a conversation in order while it waits, and delays no other", async () => {
    await sent("m-1", "failing");
    await sent("m-2", "failing");
    await sent("m-3", "well");
    const delivery = createDelivery(({ messageId }) =>
      messageId === "m-1" && clock.now().getTime() - startedAt < 5000 ? "retry" : "stored",
    );
    await delivery.tick();
    expect([told("failing"), told("well")]).toEqual([[], ["m-3"]]);
    await tickFor(delivery, 10);
    expect(told("failing")).toEqual(["m-1", "m-2"]);
  });
});

describe("an entry that the history rejects", () => {
  it("is dead, and the next of its conversation follows at once", async () => {
    await sent("m-1");
    await sent("m-2");
    const delivery = createDelivery(({ messageId }) => (messageId === "m-1" ? "refused" : "stored"));
    await delivery.tick();
    expect(told()).toEqual(["m-2"]);
    expect(telemetry.events).toContainEqual(expect.objectContaining({ kind: "HistoryDead", messageId: "m-1" }));
    await tickFor(delivery, 100);
    expect(calls).toHaveLength(2);
  });
});

describe("why an entry was not stored", () => {
  const why = { reason: "answered HTTP 422: no such tenant", httpStatus: 422 };

  it("is recorded when the history rejects it", async () => {
    await sent("m-1");
    await createDelivery(() => ({ kind: "refused", ...why })).tick();
    expect(telemetry.events).toEqual([{ kind: "HistoryDead", messageId: "m-1", ...why }]);
  });

  it("is recorded with each retry, and with the last failure", async () => {
    await sent("m-1");
    const delivery = createDelivery(() => ({ kind: "retry", ...why }));
    await delivery.tick();
    const retryAt = new Date(startedAt + 1000);
    expect(telemetry.events).toEqual([{ kind: "HistoryRetried", messageId: "m-1", retryAt, ...why }]);
    for (let hour = 0; hour < 80; hour += 1) {
      await clock.advance(3_600_000);
      await delivery.tick();
    }
    expect(telemetry.events.at(-1)).toEqual({ kind: "HistoryDead", messageId: "m-1", ...why });
  });
});

describe("a call that hangs", () => {
  it("delays no other conversation", async () => {
    await sent("m-1", "hanging");
    const delivery = createDelivery(undefined, (entries) =>
      entries[0]?.messageId === "m-1" ? new ResultAsync(new Promise(() => {})) : history.store(entries),
    );
    delivery.wake();
    await clock.advance(100);
    await sent("m-2", "well");
    delivery.wake();
    await clock.advance(100);
    expect([told("hanging"), told("well")]).toEqual([[], ["m-2"]]);
  });
});

describe("an unavailable outbox", () => {
  it("is reported, and tried again in the next round", async () => {
    await sent("m-1");
    let isDown = true;
    const outbox: typeof store.outbox = {
      ...store.outbox,
      claim: (topic, options) => (isDown ? errAsync(exampleUnavailable) : store.outbox.claim(topic, options)),
    };
    const delivery = createOutboxDelivery(
      { outbox, clock, telemetry, tracing: noTracing, shutdown: createShutdownSignal(clock) },
      createHistorySubscriber(history, telemetry),
    );
    await delivery.tick();
    expect(telemetry.events).toEqual([expect.objectContaining({ kind: "BackgroundFault", where: "history outbox" })]);
    isDown = false;
    await delivery.tick();
    expect(told()).toEqual(["m-1"]);
  });

  it("at the settlement of a delivered entry causes a second delivery", async () => {
    await sent("m-1");
    let isDown = true;
    const outbox: typeof store.outbox = {
      ...store.outbox,
      settle: (...args) => (isDown ? errAsync(exampleUnavailable) : store.outbox.settle(...args)),
    };
    const delivery = createOutboxDelivery(
      { outbox, clock, telemetry, tracing: noTracing, shutdown: createShutdownSignal(clock) },
      createHistorySubscriber(history, telemetry),
    );
    await delivery.tick();
    isDown = false;
    await clock.advance(30_001);
    await delivery.tick();
    expect(told()).toEqual(["m-1"]);
    expect(telemetry.events.filter(({ kind }) => kind === "HistoryStored")).toHaveLength(1);
  });
});
