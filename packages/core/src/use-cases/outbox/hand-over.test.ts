import { errAsync, okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import {
  exampleCommand,
  exampleEntries,
  exampleEvents,
  exampleMessage,
  exampleOutcomes,
  exampleUnavailable,
  withIntent,
  withOutcome,
} from "../../contracts/fixtures.ts";
import {
  createInMemoryStore,
  createManualClock,
  createRecordingTelemetry,
  createTestPorts,
} from "../../in-memory/index.ts";
import { noTracing } from "../../lifecycle/no-tracing.ts";
import { createShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { HistoryEntry, HistoryResult } from "../../ports/history.ts";
import { createMessageSender } from "../message-sender.ts";
import { createHistorySubscriber } from "./deliver-history.ts";
import { createOutboxDelivery } from "./deliver-outbox.ts";
import { createHandOver, type HandOver } from "./hand-over.ts";
import type { OutboxDelivery } from "./outbox-delivery.ts";

let clock: ReturnType<typeof createManualClock>;
let store: ReturnType<typeof createInMemoryStore>;
let claims: number;
let stored: HistoryEntry[];
let answers: HistoryResult[];
let handOver: HandOver;
let history: OutboxDelivery<"history">;

beforeEach(() => {
  clock = createManualClock();
  store = createInMemoryStore({ clock });
  claims = 0;
  stored = [];
  answers = [];
  const outbox: typeof store.outbox = {
    ...store.outbox,
    claim(topic, options) {
      claims += 1;
      return store.outbox.claim(topic, options);
    },
  };
  const telemetry = createRecordingTelemetry();
  history = createOutboxDelivery(
    { outbox, clock, telemetry, tracing: noTracing, shutdown: createShutdownSignal(clock) },
    createHistorySubscriber(
      {
        store(entries) {
          const results = entries.map(() => answers.shift() ?? "stored");
          stored.push(...entries.filter((_, index) => results[index] === "stored"));
          return okAsync(results);
        },
      },
      telemetry,
    ),
  );
  handOver = createHandOver(store.messages, { history });
});

async function sent(conversationId: string): Promise<string> {
  const intended = withIntent(exampleMessage({ conversationId }));
  const next = withOutcome(intended, { ...exampleOutcomes.Accepted, wamid: `wamid.${intended.id}` });
  (await handOver.messages.accept(intended, exampleEvents(undefined, intended)))._unsafeUnwrap();
  (await handOver.messages.commit({ next, outbox: exampleEntries(intended, next) }))._unsafeUnwrap();
  return intended.id;
}

const told = () => stored.map(({ messageId }) => messageId);

describe("a new outbox entry", () => {
  it("is delivered without a claim, together with others, and is gone", async () => {
    handOver.open();
    const ids = [await sent("conversation-1"), await sent("conversation-2")];
    await clock.advance(10);
    expect(told()).toEqual(ids);
    expect(claims).toBe(0);
    await clock.advance(60_000);
    await history.tick();
    expect(told()).toEqual(ids);
  });

  it("waits for the earlier one of its conversation, and follows it at once", async () => {
    handOver.open();
    const ids = [await sent("conversation-1"), await sent("conversation-1"), await sent("conversation-1")];
    await clock.advance(20);
    expect(told()).toEqual(ids);
  });

  it("is retried on schedule if its delivery fails", async () => {
    handOver.open();
    answers = [{ kind: "retry", reason: "busy" }];
    const id = await sent("conversation-1");
    await clock.advance(10);
    expect(told()).toEqual([]);
    await clock.advance(1000);
    await history.tick();
    expect(told()).toEqual([id]);
  });

  it("waits for a round before the hand-over is open", async () => {
    const id = await sent("conversation-1");
    await clock.advance(1000);
    expect(told()).toEqual([]);
    await history.tick();
    expect(told()).toEqual([id]);
  });

  it("is claimed if the process that had it never delivered it", async () => {
    const lost: OutboxDelivery<"history"> = { ...history, take() {} };
    handOver = createHandOver(store.messages, { history: lost });
    handOver.open();
    const id = await sent("conversation-1");
    await history.tick();
    expect(told()).toEqual([]);
    await clock.advance(history.leaseMs + 1);
    await history.tick();
    expect(told()).toEqual([id]);
  });

  it("waits for a claim after the hand-over is closed", async () => {
    handOver.open();
    handOver.close();
    const id = await sent("conversation-1");
    await clock.advance(1000);
    expect(told()).toEqual([]);
    await history.tick();
    expect(told()).toEqual([id]);
  });

  it("waits for a claim where those whose commits are not answered yet will take the room", async () => {
    let room = 0;
    while (history.hasRoom(room)) room += 1;
    let leased = 0;
    const { commit } = store.messages;
    handOver = createHandOver(
      {
        ...store.messages,
        commit(change) {
          leased += change.outbox?.filter(({ leaseMs }) => leaseMs !== undefined).length ?? 0;
          return commit(change);
        },
      },
      { history },
    );
    handOver.open();
    const many = Array.from({ length: room + 100 }, (_, number) => `conversation-${number}`);
    const ids = await Promise.all(many.map(sent));
    expect(leased).toBe(room);
    await clock.advance(100);
    expect(told().toSorted()).toEqual(ids.toSorted());
    await sent("conversation-later");
    expect(leased).toBe(room + 1);
  });

  it("waits for a claim while its delivery has no room", async () => {
    const full: OutboxDelivery<"history"> = { ...history, hasRoom: () => false };
    handOver = createHandOver(store.messages, { history: full });
    handOver.open();
    const id = await sent("conversation-1");
    await clock.advance(10);
    expect(told()).toEqual([id]);
    expect(claims).toBeGreaterThan(0);
  });
});

it("a sender that closes leaves no entry claimed that it does not deliver", async () => {
  const ports = createTestPorts();
  let isClosing = false;
  let isOutboxDone = false;
  const sender = createMessageSender({
    ...ports,
    messages: {
      ...ports.messages,
      commit(change) {
        // The store is back once the outbox has been delivered.
        return isOutboxDone ? ports.messages.commit(change) : errAsync(exampleUnavailable);
      },
    },
    outbox: {
      ...ports.outbox,
      claim(topic, options) {
        isOutboxDone = isClosing;
        return ports.outbox.claim(topic, options);
      },
    },
  });
  sender.start();
  const sent = await ports.clock.runUntil(sender.send(exampleCommand));
  expect(sent._unsafeUnwrapErr().kind).toBe("OutcomeUnrecorded");
  isClosing = true;
  await ports.clock.runUntil(sender.close());
  const left = await ports.outbox.claim("history", { limit: 10, leaseMs: 1000 });
  expect(left._unsafeUnwrap()).toHaveLength(1);
});

it("a delivery has no room for entries beyond those of its batches", async () => {
  for (let count = 0; history.hasRoom(0); count += 1) {
    expect(count).toBeLessThan(1000);
    const intended = withIntent(exampleMessage());
    const [added] = exampleEntries(intended, withOutcome(intended, exampleOutcomes.Accepted));
    if (added?.topic !== "history") throw new Error("A message that was sent has an entry.");
    history.take({ id: `entry-${count}`, entry: added.entry, enqueuedAt: clock.now(), earlierClaims: 0 });
  }
  await clock.advance(10);
  expect(history.hasRoom(0)).toBe(true);
});
