import { ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { mostWithin } from "../../../test/traffic.ts";
import { exampleCommand } from "../../contracts/fixtures.ts";
import { createInMemoryNumberRates, createTestPorts } from "../../in-memory/index.ts";
import { createPacer } from "../../pacing/pacer.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSenderOptions } from "../message-sender-options.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";

const perSecond = 80;
const answerMs = 200;

/** A sender on a store whose commits take as long as `commitMs` says. */
function createSlow(
  commitMs: (nowMs: number) => number,
  limit = perSecond,
  options: MessageSenderOptions = {},
  ports = createTestPorts(),
) {
  const { clock, messages, transport } = ports;
  const startedMs = clock.monotonicMs();
  const now = (): number => clock.monotonicMs() - startedMs;
  const left: number[] = [];
  const slow =
    <A extends readonly unknown[], T, E>(call: (...args: A) => ResultAsync<T, E>) =>
    (...args: A): ResultAsync<T, E> =>
      ResultAsync.fromSafePromise<void, E>(clock.sleep(commitMs(now()))).andThen(() => call(...args));
  const sender = createMessageSender(
    {
      ...ports,
      pacer: createPacer({ clock, permits: 1024, numberPerSecond: limit }),
      messages: { ...messages, accept: slow(messages.accept), commit: slow(messages.commit) },
      transport: {
        submit(submission, timeoutMs) {
          left.push(now());
          return ResultAsync.fromSafePromise(clock.sleep(answerMs)).andThen(() =>
            transport.submit(submission, timeoutMs),
          );
        },
      },
    },
    { ...options, retry: { jitter: 0, ...options.retry } },
  );
  let recipients = 0;
  const toSomebody = () => ({ ...exampleCommand, to: `+62812${1_000_000 + (recipients += 1)}` });
  return { ...ports, sender, left, now, toSomebody };
}

const stallUntil = (untilMs: number) => (nowMs: number) => Math.max(0, untilMs - nowMs);

describe("a number whose attempts are stored late", () => {
  it("sends no more in any second than its rate, once the store is quick again", async () => {
    const { sender, clock, left, toSomebody } = createSlow(stallUntil(1000));
    const sending = Array.from({ length: 240 }, () => sender.send(toSomebody()));
    await clock.advance(10_000);
    for (const sent of sending) (await sent)._unsafeUnwrap();
    expect(left).toHaveLength(240);
    expect(mostWithin(1000, left)).toBeLessThanOrEqual(perSecond);
  });

  it("sends no more of its queue", async () => {
    const { sender, clock, left, toSomebody, now } = createSlow((nowMs) =>
      nowMs < 60_000 ? 0 : stallUntil(61_000)(nowMs),
    );
    for (let count = 0; count < 240; count += 1) (await sender.enqueue(toSomebody()))._unsafeUnwrap();
    await clock.advance(60_000 - now());
    const rounds: Promise<void>[] = [];
    for (let tenths = 0; tenths < 100; tenths += 1) {
      rounds.push(sender.tick());
      await clock.advance(100);
    }
    await clock.runUntil(Promise.all(rounds));
    expect(left).toHaveLength(240);
    expect(mostWithin(1000, left)).toBeLessThanOrEqual(perSecond);
  });

  it("withholds what would have to wait for seconds, and that uses up no attempt of its schedule", async () => {
    const oneAttempt = { retry: { scheduleMs: [0] } };
    const { sender, clock, left, toSomebody, quota } = createSlow(stallUntil(5000), 10, oneAttempt);
    const sending = Array.from({ length: 60 }, () => sender.send(toSomebody()));
    await clock.advance(30_000);
    const sent = await Promise.all(sending.map(async (one) => (await one)._unsafeUnwrap().message));
    await clock.runUntil(sender.close());
    expect([left.length, mostWithin(1000, left), quota.used("tenant-1")]).toEqual([60, 10, 60]);
    const withheld = sent.flatMap(({ attempts }) => attempts.slice(0, -1).map(({ ended }) => ended?.outcome));
    expect(withheld.length).toBeGreaterThan(0);
    const cause = "it was stored too late for its slot in the number's rate, and the next one is seconds away";
    for (const outcome of withheld) expect(outcome).toEqual({ kind: "NotSent", final: false, withheld: true, cause });
  });

  it("tells a call whose time is over by then to come back, and gives its unit back", async () => {
    const oneAttempt = { retry: { scheduleMs: [0], sendDeadlineMs: 6000 } };
    const { sender, clock, toSomebody, quota } = createSlow(stallUntil(5500), 10, oneAttempt);
    const sending = Array.from({ length: 60 }, () => sender.send(toSomebody()));
    await clock.advance(30_000);
    const ended = await Promise.all(sending);
    const refused = ended.flatMap((one) => (one.isErr() ? [one.error] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) expect(error).toMatchObject({ kind: "RateLimited" });
    await clock.runUntil(sender.close());
    expect(quota.used("tenant-1")).toBe(60 - refused.length);
  });
});

describe("a number whose connections are ready late", () => {
  /** Processes of one number, whose requests all wait for a connection until `readyMs`. */
  function createConnecting(readyMs: number, { shared = false } = {}) {
    const ports = createTestPorts();
    const { clock, transport } = ports;
    const left: number[] = [];
    const sender = createMessageSender(
      {
        ...ports,
        pacer: createPacer({
          clock,
          permits: 1024,
          numberPerSecond: perSecond,
          ...(shared && { numberRates: createInMemoryNumberRates({ clock }) }),
        }),
        transport: {
          submit: (submission, timeoutMs, mayBegin) =>
            ResultAsync.fromSafePromise(clock.sleep(startedMs + readyMs - clock.monotonicMs())).andThen(() => {
              const begun = (): boolean => {
                if (mayBegin?.() === false) return false;
                left.push(clock.monotonicMs() - startedMs);
                return true;
              };
              return transport.submit(submission, timeoutMs, begun).map(async (outcome) => {
                if (outcome.kind !== "NotSent") await clock.sleep(answerMs);
                return outcome;
              });
            }),
        },
      },
      { retry: { jitter: 0 } },
    );
    const startedMs = clock.monotonicMs();
    let recipients = 0;
    return {
      ...ports,
      sender,
      left,
      send: () => sender.send({ ...exampleCommand, to: `+62812${1_000_000 + (recipients += 1)}` }),
    };
  }

  it.each([false, true])("sends no more in any second than its rate, shared: %s", async (shared) => {
    const { clock, left, send } = createConnecting(1000, { shared });
    const sending = Array.from({ length: 240 }, send);
    await clock.advance(12_000);
    const attempts = (await Promise.all(sending)).flatMap((sent) => sent._unsafeUnwrap().message.attempts);
    expect(attempts).toHaveLength(240);
    expect(left).toHaveLength(240);
    expect(mostWithin(1000, left)).toBeLessThanOrEqual(perSecond);
  });

  it("sends at once below its rate", async () => {
    const { clock, left, send } = createConnecting(300);
    const sending = Array.from({ length: 40 }, send);
    await clock.advance(600);
    await Promise.all(sending);
    expect(left).toEqual(Array.from({ length: 40 }, () => 300));
  });
});

describe("a process whose lease is over", () => {
  const cause =
    "this process was paused or without its store for so long that another one may have taken the message over";

  function createLeased() {
    const ports = createTestPorts();
    let validUntilMs = Infinity;
    const lease = { ...ports.lease, validForMs: () => Math.max(0, validUntilMs - ports.clock.monotonicMs()) };
    return { ports: { ...ports, lease }, leaseFor: (ms: number) => (validUntilMs = ports.clock.monotonicMs() + ms) };
  }

  it("sends nothing, even if it has another one by then, and sends it when it is its again", async () => {
    const { ports, leaseFor } = createLeased();
    const { sender, clock, left, toSomebody } = createSlow(stallUntil(3500), perSecond, {}, ports);
    leaseFor(3000);
    const sending = sender.send(toSomebody());
    await clock.advance(3400);
    leaseFor(60_000);
    const { message } = (await clock.runUntil(sending))._unsafeUnwrap();
    expect(message.attempts.map(({ ended }) => ended?.outcome)).toMatchObject([
      { kind: "NotSent", withheld: true, cause },
      { kind: "Accepted" },
    ]);
    expect(left).toEqual([4500]);
  });

  it("sends nothing once it has a connection, and sends it when it is its again", async () => {
    const { ports, leaseFor } = createLeased();
    const { clock } = ports;
    const connecting: MessageSenderPorts["transport"] = {
      submit: (submission, timeoutMs, mayBegin) =>
        ResultAsync.fromSafePromise(clock.sleep(3500)).andThen(() =>
          ports.transport.submit(submission, timeoutMs, mayBegin),
        ),
    };
    const sender = createMessageSender({ ...ports, transport: connecting }, { retry: { jitter: 0 } });
    leaseFor(3000);
    const sending = sender.send(exampleCommand);
    await clock.advance(3400);
    leaseFor(60_000);
    const { message } = (await clock.runUntil(sending))._unsafeUnwrap();
    expect(message.attempts.map(({ ended }) => ended?.outcome)).toMatchObject([
      { kind: "NotSent", withheld: true, cause },
      { kind: "Accepted" },
    ]);
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("sends nothing of its queue", async () => {
    const { ports, leaseFor } = createLeased();
    const { sender, clock, left, toSomebody, now } = createSlow(
      (nowMs) => (nowMs < 60_000 ? 0 : stallUntil(63_500)(nowMs)),
      perSecond,
      {},
      ports,
    );
    const { message } = (await sender.enqueue(toSomebody()))._unsafeUnwrap();
    await clock.advance(60_000 - now());
    leaseFor(3000);
    const round = sender.tick();
    await clock.advance(4000);
    await round;
    expect(left).toEqual([]);
    const found = (await clock.runUntil(sender.find(message.id)))._unsafeUnwrap();
    expect(found.attempts.at(-1)?.ended?.outcome).toMatchObject({ kind: "NotSent", withheld: true, cause });
  });
});
