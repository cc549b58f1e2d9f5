import { errAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleMessage, exampleOutcomes } from "../../contracts/fixtures.ts";
import { statusOf } from "../../domain/status.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createPacer } from "../../pacing/pacer.ts";
import type { MessageQueue } from "../../ports/store/message-queue.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSenderOptions } from "../message-sender-options.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";

const { Accepted } = exampleOutcomes;

let ports: TestPorts;
let commits: number;
let submitted: string[];

beforeEach(() => {
  ports = createTestPorts({ quota: 1_000_000 });
  commits = 0;
  submitted = [];
});

/** A sender in the background whose attempts take `takesMs`, and whose commits are counted. */
function start(changed: Partial<MessageSenderPorts> = {}, options: MessageSenderOptions = {}, takesMs = 100) {
  const messages: typeof ports.messages = {
    ...ports.messages,
    commit: (change) => ((commits += 1), ports.messages.commit(change)),
  };
  const transport: MessageSenderPorts["transport"] = {
    submit({ callbackData }) {
      submitted.push(callbackData?.split(":")[1] ?? "");
      return ResultAsync.fromSafePromise(ports.clock.sleep(takesMs)).map(() => ({
        ...Accepted,
        wamid: `wamid.${callbackData}`,
      }));
    },
  };
  const sender = createMessageSender({ ...ports, messages, transport, ...changed }, options);
  sender.start();
  return sender;
}

/** Accepts queued messages of a tenant as another process does: nobody is told. */
async function acceptMany(count: number, outlets: number, tenantId = "tenant-a"): Promise<string[]> {
  const acceptedAt = ports.clock.now();
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const outletId = `outlet-${index % outlets}`;
    const to = `+62812${1_000_000 + index}`;
    const message = exampleMessage({ tenantId, outletId, to, mode: "queued", acceptedAt });
    (await ports.messages.accept(message))._unsafeUnwrap();
    ids.push(message.id);
  }
  return ids;
}

async function statusOfId(id: string | undefined) {
  const found = (await ports.messages.find({ id: id ?? "" }))._unsafeUnwrap();
  return found && statusOf(found);
}

/** `npm run test:long` has the larger number. */
const before = process.env["LONG_FORM"] === "on" ? 50_000 : 5000;

describe("a tenant with one message", () => {
  it.each([1, 50, 2000])(
    `waits less than a second behind ${before} of another on %i outlets`,
    async (outlets) => {
      await acceptMany(before, outlets);
      const sender = start({ pacer: createPacer({ clock: ports.clock, permits: 256 }) });
      await ports.clock.advance(500);
      const [id] = await acceptMany(1, 1, "tenant-b");
      await ports.clock.advance(2000);
      expect(submitted).toContain(id);
      expect(submitted.length).toBeGreaterThan(outlets === 1 ? 150 : 2000);
      await ports.clock.runUntil(sender.close());
    },
    60_000,
  );
});

describe("what is held in memory", () => {
  it("is bounded, whatever waits: 256 lines, 768 messages and what is under way", async () => {
    await acceptMany(20_000, 1000);
    const reads: [lines: number, each: number, found: number][] = [];
    const queue: MessageQueue = {
      ...ports.queue,
      heads: (lines, each) =>
        ports.queue.heads(lines, each).andTee((found) => void reads.push([lines.length, each, found.length])),
    };
    const hanging: MessageSenderPorts["transport"] = {
      submit: () => ResultAsync.fromSafePromise(new Promise<typeof Accepted>(() => {})),
    };
    start({ queue, transport: hanging, pacer: createPacer({ clock: ports.clock, permits: 256 }) });
    await ports.clock.advance(5000);
    expect(Math.max(...reads.map(([lines]) => lines))).toBe(256);
    // All together, since nothing was finished.
    expect(reads.reduce((sum, [, , found]) => sum + found, 0)).toBeLessThan(4000);
    expect(reads.length).toBeGreaterThan(1);
  });
});

describe("a number that is held back", () => {
  it("costs no commit of its messages, and does not keep others waiting", async () => {
    const ids = await acceptMany(10_000, 1);
    const others = await acceptMany(100, 10, "tenant-b");
    let asked = 0;
    const pacer: MessageSenderPorts["pacer"] = {
      ...ports.pacer,
      withPermit(rateKey, deadlineAt, attempt) {
        if (rateKey.tenantId === "tenant-b") return ports.pacer.withPermit(rateKey, deadlineAt, attempt);
        asked += 1;
        const retryAt = new Date(ports.clock.now().getTime() + 5000);
        return errAsync({ kind: "RateLimited", retryAt, cause: "outage", reason: "closed" });
      },
    };
    const sender = start({ pacer });
    await ports.clock.advance(60_000);
    expect(submitted.toSorted()).toEqual(others.toSorted());
    expect(commits).toBe(2 * others.length);
    expect(asked).toBeLessThan(200);
    expect(await statusOfId(ids[0])).toBe("queued");
    await ports.clock.runUntil(sender.close());
  });
});

describe("a tenant that is paused", () => {
  it("costs no commit of its messages, which expire in time all the same", async () => {
    const sender = start();
    (await sender.pause({ tenantId: "tenant-1", reason: "a test", by: "test" }))._unsafeUnwrap();
    await ports.clock.advance(1000);
    const to = (index: number) => `+62812${1_000_000 + index}`;
    for (let index = 0; index < 100; index += 1) {
      (await sender.enqueue({ ...exampleCommand, to: to(index), ttlMs: 30_000 }))._unsafeUnwrap();
    }
    const { message } = (await sender.enqueue({ ...exampleCommand, to: to(100) }))._unsafeUnwrap();
    commits = 0;
    await ports.clock.advance(25_000);
    expect([commits, submitted]).toEqual([0, []]);
    await ports.clock.advance(10_000);
    const expired = (await sender.list({ status: "expired", limit: 100 }))._unsafeUnwrap().messages;
    expect([commits, submitted, expired.length]).toEqual([100, [], 100]);
    const [pause] = (await sender.pauses())._unsafeUnwrap();
    (await sender.resume({ id: pause?.id ?? "" }))._unsafeUnwrap();
    await ports.clock.advance(2000);
    expect(submitted).toEqual([message.id]);
  });
});

describe("a process whose lease is over", () => {
  it("begins nothing more, and another one continues", async () => {
    const ids = await acceptMany(100, 1);
    const other = ports.openAnotherProcess();
    const pacer = () => createPacer({ clock: ports.clock, permits: 256, numberPerSecond: 10 });
    const paused = start({ ...other, pacer: pacer() });
    await ports.clock.advance(2000);
    const begun = submitted.length;
    expect(begun).toBeGreaterThan(10);
    other.pause();
    await ports.clock.advance(3000);
    const untilOver = submitted.length;
    await ports.clock.advance(5000);
    expect(submitted).toHaveLength(untilOver);
    start({ pacer: pacer() });
    await ports.clock.advance(1000);
    expect(submitted.length).toBeGreaterThan(untilOver);
    other.wake();
    await ports.clock.advance(20_000);
    expect(submitted.toSorted()).toEqual(ids.toSorted());
    await ports.clock.runUntil(paused.close());
  });
});

describe("a process that joins", () => {
  it("gets its share of the lines, although there is always something under way on them", async () => {
    await acceptMany(4000, 20);
    const pacer = () => createPacer({ clock: ports.clock, permits: 256, numberPerSecond: 10 });
    const sentBy = [0, 0];
    const counting = (index: 0 | 1): MessageSenderPorts["transport"] => ({
      submit: ({ callbackData }) => {
        sentBy[index] = (sentBy[index] ?? 0) + 1;
        const accepted = { ...Accepted, wamid: `wamid.${callbackData}` };
        return ResultAsync.fromSafePromise(ports.clock.sleep(300)).map(() => accepted);
      },
    });
    start({ pacer: pacer(), transport: counting(0) });
    await ports.clock.advance(2000);
    start({ ...ports.openAnotherProcess(), pacer: pacer(), transport: counting(1) });
    await ports.clock.advance(5000);
    const before = [...sentBy];
    await ports.clock.advance(5000);
    const [first = 0, second = 0] = sentBy.map((count, index) => count - (before[index] ?? 0));
    expect([first > 300, second > 300, Math.abs(first - second) < 200]).toEqual([true, true, true]);
  });
});

describe("a sender that does not work on the queue", () => {
  it("accepts messages, sends none of them, and leaves all lines to others", async () => {
    const accepting = start({}, { worker: false });
    const { message } = (await accepting.enqueue(exampleCommand))._unsafeUnwrap();
    await ports.clock.advance(5000);
    await accepting.tick();
    expect([await statusOfId(message.id), submitted]).toEqual(["queued", []]);
    const working = start();
    await ports.clock.advance(1000);
    expect(await statusOfId(message.id)).toBe("sent");
    await ports.clock.runUntil(Promise.all([accepting.close(), working.close()]));
  });
});

describe("a sender that closes", () => {
  it("releases its lines, so that another one continues at once", async () => {
    await acceptMany(200, 2);
    const pacer = () => createPacer({ clock: ports.clock, permits: 256, numberPerSecond: 10 });
    const first = start({ pacer: pacer() });
    await ports.clock.advance(1000);
    await ports.clock.runUntil(first.close());
    const sent = submitted.length;
    expect((await ports.queue.state({ limit: 9, upTo: 9 }))._unsafeUnwrap()).toMatchObject([
      { isHeld: false },
      { isHeld: false },
    ]);
    start({ pacer: pacer() });
    await ports.clock.advance(200);
    expect(submitted.length).toBeGreaterThan(sent);
  });
});

describe("an idle sender", () => {
  it("looks less often once it has found nothing for a while, and as often as before when it has", async () => {
    let looks = 0;
    const queue: MessageQueue = { ...ports.queue, claim: (limit) => ((looks += 1), ports.queue.claim(limit)) };
    start({ queue });
    const looksIn = async (ms: number) => {
      const before = looks;
      await ports.clock.advance(ms);
      return looks - before;
    };
    expect(await looksIn(999)).toBe(10);
    await ports.clock.advance(500);
    expect(await looksIn(10_000)).toBe(40);
    const [id] = await acceptMany(1, 1);
    await ports.clock.advance(500);
    expect(await statusOfId(id)).toBe("sent");
    expect(await looksIn(500)).toBe(5);
  });
});
