import { okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleTime, exampleUnavailable } from "../../contracts/fixtures.ts";
import { statusEventsOf } from "../../domain/status-event.ts";
import { exampleMessage } from "../../contracts/fixtures.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { noTracing } from "../../lifecycle/no-tracing.ts";
import { createShutdownSignal } from "../../lifecycle/shutdown-signal.ts";
import type { StatusCallbacks, StatusDelivery } from "../../ports/status-callbacks.ts";
import { createMessageSender } from "../message-sender.ts";
import { createStatusDelivery } from "./deliver-statuses.ts";

let ports: TestPorts;
/** Each delivery, as `<message>:<version>` with the second in which it was tried. */
let tried: string[];
let answers: (id: string) => StatusDelivery | Promise<StatusDelivery>;

beforeEach(() => {
  ports = createTestPorts();
  tried = [];
  answers = () => ({ kind: "delivered" });
});

const callbacks: StatusCallbacks = {
  isWanted: () => true,
  deliver({ messageId, version }) {
    const id = `${messageId}:${version}`;
    tried.push(`${id} at ${(ports.clock.now().getTime() - startMs) / 1000}`);
    return ResultAsync.fromSafePromise(Promise.resolve(answers(id)));
  },
};
let startMs = 0;

/** Messages with so many versions each. */
async function enter(versions: Readonly<Record<string, number>>): Promise<void> {
  startMs = ports.clock.now().getTime();
  for (const [id, count] of Object.entries(versions)) {
    const message = exampleMessage({ id });
    const [event] = statusEventsOf(undefined, message, exampleTime);
    if (!event) throw new Error("a new message has an event");
    const entries = Array.from({ length: count }, (_, index) => ({
      topic: "status" as const,
      entry: { ...event, version: index + 1 },
    }));
    (await ports.messages.accept(message, entries))._unsafeUnwrap();
  }
}

const delivery = (others: Partial<TestPorts> = {}) =>
  createStatusDelivery(
    { ...ports, tracing: noTracing, shutdown: createShutdownSignal(ports.clock), ...others },
    callbacks,
  );
const recorded = (kind: string) => ports.telemetry.events.filter((event) => event.kind === kind);
const retry: StatusDelivery = { kind: "retry", reason: "answered HTTP 503", httpStatus: 503 };

async function tickAfter(...waitsMs: readonly number[]): Promise<void> {
  const { tick } = delivery();
  for (const waitMs of waitsMs) {
    await ports.clock.advance(waitMs);
    await tick();
  }
}

describe("the delivery of status events", () => {
  it("keeps the order of versions, and delays no other message", async () => {
    await enter({ a: 3, b: 2 });
    answers = (id) => (id === "a:2" && tried.length < 7 ? retry : { kind: "delivered" });
    await tickAfter(0, 999, 1);
    expect(tried.filter((each) => each.startsWith("b"))).toEqual(["b:1 at 0", "b:2 at 0"]);
    expect(tried.filter((each) => each.startsWith("a"))).toEqual(["a:1 at 0", "a:2 at 0", "a:2 at 1"]);
    await tickAfter(1000, 2000);
    expect(tried.filter((each) => each.startsWith("a")).slice(3)).toEqual(["a:2 at 2", "a:2 at 4", "a:3 at 4"]);
    expect(recorded("CallbackRetried")).toHaveLength(3);
    expect(recorded("CallbackRetried")[0]).toMatchObject({ messageId: "a", version: 2, httpStatus: 503 });
  });

  it("waits as long as the receiver asks, but no shorter than the schedule", async () => {
    await enter({ a: 1 });
    const later = (ms: number) => new Date(startMs + ms);
    const asked = [later(30_000), later(0)];
    answers = () => ({ ...retry, ...(asked[0] && { retryAt: asked.shift() as Date }) });
    await tickAfter(0, 29_999, 1, 999, 1);
    expect(tried).toEqual(["a:1 at 0", "a:1 at 30", "a:1 at 31"]);
  });

  it("goes on with the next version once one is refused or unwanted", async () => {
    await enter({ a: 3 });
    answers = (id) =>
      id === "a:1" ? { kind: "refused", reason: "answered HTTP 410", httpStatus: 410 } : { kind: "unwanted" };
    await tickAfter(0);
    expect(tried).toEqual(["a:1 at 0", "a:2 at 0", "a:3 at 0"]);
    expect(recorded("CallbackDead")).toMatchObject([{ messageId: "a", version: 1, refused: true, httpStatus: 410 }]);
    expect(recorded("CallbackDelivered")).toEqual([]);
  });

  it("is dead after three days of failures, and can be replayed", async () => {
    await enter({ a: 2 });
    answers = (id) => (id === "a:1" ? retry : { kind: "delivered" });
    const { tick } = delivery();
    const hourMs = 3_600_000;
    const first = [0, 1000, 1000, 2000, 2000, 5000, 5000, 10_000, 10_000, 20_000, 20_000, 30_000, 30_000];
    const later = [60_000, 300_000, 1_800_000];
    for (const waitMs of [...first, ...later, ...Array.from({ length: 72 }, () => hourMs)]) {
      await ports.clock.advance(waitMs);
      await tick();
    }
    expect(tried.filter((each) => each.startsWith("a:1"))).toHaveLength(88);
    expect(tried.at(-1)).toMatch(/^a:2/);
    expect(recorded("CallbackDead")).toMatchObject([{ messageId: "a", version: 1 }]);
    expect(recorded("CallbackDead")[0]).not.toHaveProperty("refused");
    answers = () => ({ kind: "delivered" });
    expect(
      (await createMessageSender({ ...ports, statusCallbacks: callbacks }).replayCallbacks())._unsafeUnwrap(),
    ).toBe(1);
    await tick();
    expect(tried.at(-1)).toMatch(/^a:1/);
    expect(recorded("CallbackDelivered")).toHaveLength(2);
  });

  it("a receiver that was busy was not tried: the schedule begins with the first try, but ends after three days too", async () => {
    await enter({ a: 1 });
    const busy = (ms: number): StatusDelivery => ({
      kind: "busy",
      retryAt: new Date(ports.clock.now().getTime() + ms),
      reason: "busy",
    });
    answers = () => (tried.length < 3 ? busy(100) : retry);
    await tickAfter(0, 100, 100, 999, 1);
    expect(tried.map((each) => each.split(" at ")[1])).toEqual(["0", "0.1", "0.2", "1.2"]);
    answers = () => busy(1000);
    await tickAfter(3 * 24 * 3_600_000, 3_600_000);
    expect(recorded("CallbackDead")).toMatchObject([{ messageId: "a", reason: "busy" }]);
  });

  it("an event that found no place is tried as soon as it is due, between two rounds of the background work", async () => {
    await enter({ a: 1 });
    const retryAt = new Date(startMs + 250);
    answers = () => (tried.length === 1 ? { kind: "busy", reason: "busy", retryAt } : { kind: "delivered" });
    delivery().wake();
    await ports.clock.advance(400);
    expect(tried).toHaveLength(2);
    expect(recorded("CallbackDelivered")).toHaveLength(1);
  });

  it("a delivery that hangs delays no other, and is tried again", async () => {
    await enter({ hangs: 1, a: 2 });
    answers = (id) => (id === "hangs:1" ? new Promise<never>(() => {}) : { kind: "delivered" });
    const ticking = delivery().tick();
    await ports.clock.advance(0);
    expect(tried).toEqual(["hangs:1 at 0", "a:1 at 0"]);
    await ports.clock.advance(30_000);
    await ticking;
    expect(tried).toEqual(["hangs:1 at 0", "a:1 at 0", "a:2 at 0.01"]);
    expect(recorded("CallbackRetried")).toMatchObject([
      { messageId: "hangs", reason: "not delivered within 30 seconds" },
    ]);
  });

  it("goes on to the next version at once, while another delivery hangs", async () => {
    await enter({ hangs: 1, a: 3 });
    answers = (id) => (id === "hangs:1" ? new Promise<never>(() => {}) : { kind: "delivered" });
    delivery().wake();
    await ports.clock.advance(100);
    expect(tried.map((each) => each.split(" ")[0])).toEqual(["hangs:1", "a:1", "a:2", "a:3"]);
  });

  it("a port that throws, and a store that is unavailable, lose nothing", async () => {
    await enter({ a: 1 });
    answers = () => {
      throw new TypeError("secret words");
    };
    await tickAfter(0);
    expect(recorded("CallbackRetried")).toMatchObject([{ reason: "the delivery failed: TypeError" }]);
    answers = () => ({ kind: "delivered" });
    const settle = () =>
      okAsync(undefined).andThen(() => ResultAsync.fromPromise(Promise.reject(new Error()), () => exampleUnavailable));
    await ports.clock.advance(1000);
    const faulty = delivery({ outbox: { ...ports.outbox, settle: settle as never } });
    await faulty.tick();
    expect(recorded("CallbackDelivered")).toEqual([]);
    await tickAfter(30_001);
    expect(recorded("CallbackDelivered")).toHaveLength(1);
    expect(JSON.stringify(ports.telemetry.events)).not.toContain("secret words");
  });

  it("settles what ends alike in few calls", async () => {
    await enter(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`m${index}`, 2])));
    let settlements = 0;
    const outbox: typeof ports.outbox = {
      ...ports.outbox,
      settle(ids, as) {
        settlements += 1;
        return ports.outbox.settle(ids, as);
      },
    };
    await delivery({ outbox }).tick();
    expect(recorded("CallbackDelivered")).toHaveLength(600);
    expect(settlements).toBeLessThan(120);
  });

  it("is part of a sender's rounds", async () => {
    const sender = createMessageSender({ ...ports, statusCallbacks: callbacks });
    sender.start();
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    await ports.clock.advance(3000);
    expect(tried).toHaveLength(3);
    await ports.clock.runUntil(sender.close());
  });
});
