import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { exampleCommand } from "../contracts/fixtures.ts";
import { createSystemClock } from "../node/index.ts";
import { createPacer } from "../pacing/pacer.ts";
import type { Clock } from "../ports/clock.ts";
import { inRealTime } from "../ports/timeline.ts";
import { createMessageSender } from "../use-cases/message-sender.ts";
import type { MessageSenderPorts } from "../use-cases/message-sender-ports.ts";
import { createStoredQuota } from "../use-cases/quota/stored-quota.ts";
import {
  createInMemoryQuotaCounters,
  createInMemoryStore,
  createManualClock,
  createRecordingTransport,
  createTestPorts,
  type TestPorts,
} from "./index.ts";

const isReal =
  "The clock is a manual one, which moves only when a test moves it, but these ports wait in real time: PORTS. Waits " +
  "would never end. With real adapters use `createSystemClock()` and no part of `createTestPorts()`; in a test use the ports of " +
  "`createTestPorts()`.";
const isManual =
  "These ports go by a manual clock that is not the sender's clock, so they would stand still: PORTS. Take the clock and " +
  "these ports from the same `createTestPorts()`, or give all of them `createSystemClock()`.";

const creating = (change: (ports: TestPorts) => Partial<MessageSenderPorts>) => {
  const ports = createTestPorts();
  return () => createMessageSender({ ...ports, ...change(ports) });
};
const pacerBy = (clock: Clock) => createPacer({ clock, permits: 1 });
const quotaBy = (clock: Clock) =>
  createStoredQuota({ clock, counters: createInMemoryQuotaCounters(), limitOf: () => undefined });
const webhookForwarding = { forward: () => okAsync() };

describe("test ports combined with ports that wait in real time", () => {
  it.each<[string, Partial<MessageSenderPorts>, string]>([
    ["a transport", { transport: inRealTime(createRecordingTransport()) }, "`transport`"],
    ["a webhook forwarding", { webhookForwarding: inRealTime(webhookForwarding) }, "`webhookForwarding`"],
    ["a pacer", { pacer: pacerBy(createSystemClock()) }, "`pacer`"],
    ["a quota", { quota: quotaBy(createSystemClock()) }, "`quota`"],
    [
      "a copy of a transport",
      { transport: { ...inRealTime(createRecordingTransport()), submit: createRecordingTransport().submit } },
      "`transport`",
    ],
  ])("are refused: %s", (_, replaced, named) => {
    expect(creating(() => replaced)).toThrow(new TypeError(isReal.replace("PORTS", named)));
  });

  it("are refused, and the error names each port that waits in real time", () => {
    // The load of a store in memory is a constant.
    const { setUnavailable, quotaCounters, openAnotherProcess, load, ...store } = createInMemoryStore({
      clock: createSystemClock(),
    });
    const named = Object.keys(store).map((name) => `\`${name}\``);
    expect(named.length).toBeGreaterThan(7);
    for (const name of named) expect(creating(() => store)).toThrow(name);
  });

  it("are refused if only the clock is real", () => {
    const change = () => ({ clock: createSystemClock() });
    expect(creating(change)).toThrow(/^These ports go by a manual clock .*: `messages`, .*`quota`, `pacer`\. Take/);
  });
});

describe("test ports of two different calls", () => {
  it.each<[string, (clock: Clock) => Partial<MessageSenderPorts>, string]>([
    ["a pacer", (clock) => ({ pacer: pacerBy(clock) }), "`pacer`"],
    ["a quota", (clock) => ({ quota: quotaBy(clock) }), "`quota`"],
    ["a message store", (clock) => ({ messages: createInMemoryStore({ clock }).messages }), "`messages`"],
  ])("are refused: %s with another manual clock", (_, change, named) => {
    // What lives by the other clock is named, and the advice fits both kinds of mistake.
    expect(creating(() => change(createManualClock()))).toThrow(new TypeError(isManual.replace("PORTS", named)));
  });

  it("are refused with a clock of another origin", () => {
    const ofOnesOwn: Clock = { now: () => new Date(), monotonicMs: () => 0, sleep: () => Promise.resolve() };
    expect(creating(() => ({ clock: ofOnesOwn }))).toThrow("go by a manual clock that is not the sender's");
  });
});

describe("a sender takes", () => {
  it("a custom quota, transport and clock in place of test ports, if they do not wait", async () => {
    const ports = createTestPorts();
    const quota = { reserve: ports.quota.reserve, settle: ports.quota.settle };
    const transport = { submit: createRecordingTransport().submit };
    const clock = { ...ports.clock, now: () => ports.clock.now() };
    const sender = createMessageSender({ ...ports, quota, transport, clock });
    expect((await sender.send(exampleCommand)).isOk()).toBe(true);
  });

  it("an in-memory store, a pacer and a quota with the system clock", async () => {
    const clock = createSystemClock();
    const { transport, credentials, ids, history, telemetry } = createTestPorts();
    const ports = { clock, transport, credentials, ids, history, telemetry };
    const limitOf = () => ({ limit: 1, period: "day" }) as const;
    const store = createInMemoryStore({ clock });
    const quota = createStoredQuota({ clock: createSystemClock(), counters: store.quotaCounters, limitOf });
    const sender = createMessageSender({ ...ports, ...store, quota, pacer: pacerBy(createSystemClock()) });
    expect((await sender.send(exampleCommand)).isOk()).toBe(true);
  });

  it("a custom clock with ports that wait in real time", () => {
    const clock: Clock = { now: () => new Date(), monotonicMs: () => 0, sleep: () => Promise.resolve() };
    const { credentials, ids } = createTestPorts();
    const transport = inRealTime(createRecordingTransport());
    const ports = { credentials, ids, transport, clock, ...createInMemoryStore({ clock }) };
    expect(() => createMessageSender({ ...ports, quota: quotaBy(clock), pacer: pacerBy(clock) })).not.toThrow();
  });
});
