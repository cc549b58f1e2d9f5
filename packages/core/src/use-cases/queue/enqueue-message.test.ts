import { ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand } from "../../contracts/fixtures.ts";
import { explainHold } from "../../domain/explain/explanation.ts";
import type { Message } from "../../domain/message.ts";
import { nextAttemptAt } from "../../domain/next-step.ts";
import { statusOf } from "../../domain/status.ts";
import { decodeMessage, encodeMessage } from "../../codecs/message.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSenderOptions } from "../message-sender-options.ts";

let ports: TestPorts;
beforeEach(() => {
  ports = createTestPorts({ quota: 100_000 });
});

const create = (options: MessageSenderOptions = {}) => createMessageSender(ports, options);
const inMs = (ms: number) => new Date(ports.clock.now().getTime() + ms);
const stored = async (id: string) => (await ports.messages.find({ id }))._unsafeUnwrap() as Message;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe("a scheduled message", () => {
  it("is queued until its time, and then sent", async () => {
    const sender = create();
    sender.start();
    const scheduledAt = inMs(2 * dayMs);
    const { message } = (await sender.enqueue({ ...exampleCommand, scheduledAt }))._unsafeUnwrap();
    expect([statusOf(message), nextAttemptAt(message)]).toEqual(["queued", scheduledAt]);
    expect(explainHold(message)).toBe(`It is scheduled for ${scheduledAt.toISOString()}.`);
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
    await ports.clock.advance(2 * dayMs - 1);
    expect(ports.transport.submissions).toHaveLength(0);
    // The clock has moved in steps of ten minutes.
    await ports.clock.advance(600_000);
    const sent = await stored(message.id);
    expect(statusOf(sent)).toBe("sent");
    expect(explainHold(sent)).toBeUndefined();
  });

  it("is sent on time while the background works", async () => {
    const sender = create();
    sender.start();
    (await sender.enqueue({ ...exampleCommand, scheduledAt: inMs(60_000) }))._unsafeUnwrap();
    await ports.clock.advance(59_999);
    expect(ports.transport.submissions).toHaveLength(0);
    await ports.clock.advance(101);
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("has its time to live from its time on, one of the past from its accept on", async () => {
    const sender = create();
    const late = inMs(dayMs);
    const scheduled = (await sender.enqueue({ ...exampleCommand, scheduledAt: late, ttlMs: 1000 }))._unsafeUnwrap();
    expect(scheduled.message.policy.expiresAt).toEqual(new Date(late.getTime() + 1000));
    const past = inMs(-dayMs);
    const now = (await sender.enqueue({ ...exampleCommand, scheduledAt: past, ttlMs: 1000 }))._unsafeUnwrap();
    expect(now.message.policy.expiresAt).toEqual(inMs(1000));
    await sender.tick();
    expect([statusOf(await stored(scheduled.message.id)), statusOf(await stored(now.message.id))]).toEqual([
      "queued",
      "sent",
    ]);
  });

  it("does not come before one to the same recipient that was accepted later, for an earlier time", async () => {
    const sender = create();
    sender.start();
    const late = (await sender.enqueue({ ...exampleCommand, scheduledAt: inMs(5000) }))._unsafeUnwrap();
    const early = (await sender.enqueue(exampleCommand))._unsafeUnwrap();
    await ports.clock.advance(6000);
    expect(ports.transport.submissions.map(({ callbackData }) => callbackData)).toEqual([
      `ms1:${early.message.id}:1`,
      `ms1:${late.message.id}:1`,
    ]);
  });

  it("is refused for a time after which messages are no longer kept, or that is none; nothing is stored", async () => {
    const sender = create({ retention: { keptMs: 2 * dayMs } });
    const enqueue = async (scheduledAt: unknown) =>
      sender.enqueue({ ...exampleCommand, scheduledAt: scheduledAt as Date });
    expect((await enqueue(inMs(2 * dayMs))).isOk()).toBe(true);
    const detail = "must be at most 2 days ahead, which is how long messages are kept";
    expect((await enqueue(inMs(2 * dayMs + 1)))._unsafeUnwrapErr()).toEqual({
      kind: "InvalidCommand",
      problems: [{ path: ["scheduledAt"], detail }],
    });
    for (const wrong of ["2025-11-21", 5, new Date(Number.NaN), {}]) {
      expect((await enqueue(wrong))._unsafeUnwrapErr()).toMatchObject({ problems: [{ path: ["scheduledAt"] }] });
    }
    expect((await sender.list())._unsafeUnwrap().messages).toHaveLength(1);
  });

  it("is the same under its key only for the same time, also once that is past", async () => {
    const sender = create();
    const keyed = { ...exampleCommand, idempotency: { key: "order-42" }, scheduledAt: inMs(30 * dayMs) };
    const first = (await sender.enqueue(keyed))._unsafeUnwrap();
    ports.clock.stepWall(-dayMs);
    expect((await sender.enqueue(keyed))._unsafeUnwrap()).toMatchObject({ replayed: true, message: first.message });
    const other = { ...keyed, scheduledAt: inMs(1000) };
    expect((await sender.enqueue(other))._unsafeUnwrapErr().kind).toBe("KeyReused");
  });
});

describe("enqueueMany", () => {
  const commands = (count: number, change: object = {}) =>
    Array.from({ length: count }, (_, index) => ({ ...exampleCommand, to: `+62812${1_000_000 + index}`, ...change }));

  it("has a result for each command, in order; a refused one keeps no other from being accepted", async () => {
    const sender = create();
    ports.credentials.remove({ tenantId: "tenant-1", outletId: "unknown" });
    const [valid] = commands(1);
    const results = await sender.enqueueMany([
      valid,
      { ...valid, to: Symbol("12"), idempotency: { key: Object.create(null) } },
      { ...valid, outletId: "unknown" },
      null,
      valid,
    ] as never);
    const kinds = results
      ._unsafeUnwrap()
      .map((result) => (result.isOk() ? statusOf(result.value.message) : result.error.kind));
    expect(kinds).toEqual(["queued", "InvalidCommand", "OutletUnknown", "InvalidCommand", "queued"]);
  });

  it("answers a key that occurs again as a repeat, and with another command as reused", async () => {
    const sender = create();
    const idempotency = { key: "order-42" };
    const [one, other, third] = commands(3, { idempotency });
    const results = (await sender.enqueueMany([one, other, one, third] as never))._unsafeUnwrap();
    const [first, reused, repeat, again] = results;
    expect(first?._unsafeUnwrap().replayed).toBe(false);
    const id = first?.isOk() ? first.value.message.id : undefined;
    expect(repeat?._unsafeUnwrap()).toMatchObject({ replayed: true, message: { id } });
    for (const result of [reused, again])
      expect(result?._unsafeUnwrapErr()).toEqual({ kind: "KeyReused", messageId: id });
  });

  it("takes the units of 1,000 commands in two blocks, and no more than there are", async () => {
    let reserved = 0;
    const { quota } = ports;
    const reserve: typeof quota.reserve = (request) => ((reserved += 1), quota.reserve(request));
    ports = { ...ports, quota: { ...quota, reserve } };
    const results = (await create().enqueueMany(commands(1000)))._unsafeUnwrap();
    expect([results.filter((result) => result.isOk()).length, reserved]).toEqual([1000, 2]);
    ports = createTestPorts({ quota: 250 });
    const some = (await create().enqueueMany(commands(1000)))._unsafeUnwrap();
    expect(some.filter((result) => result.isOk())).toHaveLength(250);
    expect(new Set(some.flatMap((result) => (result.isErr() ? [result.error.kind] : [])))).toEqual(
      new Set(["QuotaExceeded"]),
    );
  });

  it("takes up to 1,000 commands, and none of more", async () => {
    const sender = create();
    expect((await sender.enqueueMany([]))._unsafeUnwrap()).toEqual([]);
    for (const wrong of [commands(1001), "commands"]) {
      expect((await sender.enqueueMany(wrong as never))._unsafeUnwrapErr()).toMatchObject({ kind: "InvalidCommand" });
    }
    expect((await sender.list())._unsafeUnwrap().messages).toEqual([]);
  });

  it("keeps the order of those to one recipient, also if the store is slow with the first", async () => {
    let accepts = 0;
    const { messages, clock } = ports;
    const accept: typeof messages.accept = (...accepted) =>
      ResultAsync.fromSafePromise(clock.sleep((accepts += 1) === 1 ? 500 : 0)).andThen(() =>
        messages.accept(...accepted),
      );
    ports = { ...ports, messages: { ...messages, accept } };
    const sender = create();
    sender.start();
    const [one] = commands(1);
    const texts = ["first", "second", "third"].map((body) => ({ ...one, content: { type: "text", text: { body } } }));
    const results = await clock.runUntil(sender.enqueueMany([...texts, ...commands(3)] as never));
    const ids = results._unsafeUnwrap().map((result) => result.unwrapOr(undefined)?.message.id);
    await clock.advance(5000);
    const sent = ports.transport.submissions.map(({ callbackData }) => callbackData?.split(":")[1]);
    expect(sent.filter((id) => ids.slice(0, 3).includes(id))).toEqual(ids.slice(0, 3));
    expect(sent).toHaveLength(6);
  });

  it("wakes the queue", async () => {
    const sender = create();
    sender.start();
    await ports.clock.advance(50);
    (await sender.enqueueMany(commands(3)))._unsafeUnwrap();
    await ports.clock.advance(0);
    expect(ports.transport.submissions).toHaveLength(3);
  });
});

describe("a full queue", () => {
  const to = (index: number) => ({ ...exampleCommand, to: `+62812${1_000_000 + index}`, scheduledAt: inMs(dayMs) });

  it("takes no more of that tenant, and says when there may be room", async () => {
    const sender = create({ queue: { limitPerTenant: 5 } });
    const results = (await sender.enqueueMany(Array.from({ length: 8 }, (_, index) => to(index))))._unsafeUnwrap();
    expect(results.map((result) => result.isOk())).toEqual([true, true, true, true, true, false, false, false]);
    expect(results.at(-1)?._unsafeUnwrapErr()).toEqual({ kind: "QueueFull", limit: 5, retryAt: inMs(60_000) });
    expect(ports.quota.used("tenant-1")).toBeLessThanOrEqual(100);
    expect((await sender.enqueue({ ...to(1), tenantId: "tenant-2" })).isOk()).toBe(true);
    expect((await sender.send(exampleCommand)).isOk()).toBe(true);
  });

  it("says so by how fast it drains, and takes messages again within a second once it has", async () => {
    const sender = create({ queue: { limitPerTenant: 10 } });
    const now = (index: number) => ({ ...to(index), scheduledAt: inMs(index * 1000) });
    (await sender.enqueueMany(Array.from({ length: 10 }, (_, index) => now(index))))._unsafeUnwrap();
    for (let second = 0; second < 4; second += 1) {
      await ports.clock.advance(1000);
      await sender.tick();
    }
    // Five have been sent in four seconds.
    (await sender.enqueueMany(Array.from({ length: 5 }, (_, index) => now(index + 20))))._unsafeUnwrap();
    const full = (await sender.enqueue(to(99)))._unsafeUnwrapErr();
    expect(full).toEqual({ kind: "QueueFull", limit: 10, retryAt: inMs(8000) });
    await ports.clock.advance(1000);
    await sender.tick();
    expect((await sender.enqueue(to(100))).isOk()).toBe(true);
  });

  it("answers a known key all the same, and counts once a second at most", async () => {
    let counts = 0;
    const { queue } = ports;
    const depth: typeof queue.depth = (...asked) => ((counts += 1), queue.depth(...asked));
    ports = { ...ports, queue: { ...queue, depth } };
    const sender = create({ queue: { limitPerTenant: 2 } });
    const keyed = { ...to(0), idempotency: { key: "order-42" } };
    (await sender.enqueue(keyed))._unsafeUnwrap();
    (await sender.enqueue(to(1)))._unsafeUnwrap();
    for (let index = 0; index < 10; index += 1) expect((await sender.enqueue(to(2))).isErr()).toBe(true);
    expect((await sender.enqueue(keyed))._unsafeUnwrap().replayed).toBe(true);
    expect(counts).toBe(1);
    await ports.clock.advance(1000);
    expect((await sender.enqueue(to(2))).isErr()).toBe(true);
    expect(counts).toBe(2);
  });

  it.each([0, 1.5, "10"])("is no option: %s", (limitPerTenant) => {
    expect(() => create({ queue: { limitPerTenant: limitPerTenant as number } })).toThrow(
      /queue.limitPerTenant must be/,
    );
  });
});
