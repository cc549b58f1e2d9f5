import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleMessage, exampleUnavailable } from "../../contracts/fixtures.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import type { CountQuery, MessageCounts } from "../../ports/store/message-store.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";
import type { UsageQuery } from "./usage-query.ts";

let ports: TestPorts;

beforeEach(() => {
  ports = createTestPorts();
});

const dayMs = 86_400_000;
const ago = (ms: number) => new Date(ports.clock.now().getTime() - ms);

async function keep(count: number, fields: Parameters<typeof exampleMessage>[0] = {}): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    (await ports.messages.accept(exampleMessage({ acceptedAt: ago(index), ...fields })))._unsafeUnwrap();
  }
}

/** A sender whose store counts by `count`. */
function senderBy(count: (query: CountQuery) => ResultAsync<MessageCounts, never>): MessageSender {
  return createMessageSender({ ...ports, messages: { ...ports.messages, count } });
}

const totalOf = async (sender: MessageSender, query?: UsageQuery) =>
  (await sender.usage(query))._unsafeUnwrap().counts.reduce((sum, { messages }) => sum + messages, 0);

describe("usage", () => {
  it("adds up all pieces of all tenants, each tenant once", async () => {
    await keep(2500, { tenantId: "a" });
    await keep(3, { tenantId: "b" });
    await keep(1, { tenantId: "c" });
    const sender = createMessageSender(ports);
    expect(await totalOf(sender)).toBe(2504);
    expect(await totalOf(sender, { tenantId: "a" })).toBe(2500);
    expect(await totalOf(sender, { tenantId: ["b", "a", "b"] })).toBe(2503);
    expect(await totalOf(sender, { tenantId: [] })).toBe(0);
  });

  it("is counted one piece at a time, in turns", async () => {
    const begun: string[] = [];
    let atOnce = 0;
    const sender = senderBy(({ tenantId = "", after }) => {
      begun.push(`${tenantId}${after?.number ?? 0}`);
      expect((atOnce += 1)).toBe(1);
      const number = (after?.number ?? 0) + 1;
      const counts = { counts: [], ...(number < 3 && { next: { acceptedAt: ago(0), number } }) };
      return ResultAsync.fromSafePromise(ports.clock.sleep(1)).map(() => {
        atOnce -= 1;
        return counts;
      });
    });
    const both = ["a", "b"].map((tenantId) => sender.usage({ tenantId }));
    for (const usage of both) (await ports.clock.runUntil(usage))._unsafeUnwrap();
    expect(begun).toEqual(["a0", "b0", "a1", "b1", "a2", "b2"]);
  });

  it("is refused while sixteen are being counted, and counted again after a defect", async () => {
    const held = Promise.withResolvers<void>();
    let calls = 0;
    const sender = senderBy(() => {
      if ((calls += 1) === 2) throw new Error("a defect");
      return ResultAsync.fromSafePromise(held.promise).map(() => ({ counts: [] }));
    });
    const usages = Array.from({ length: 16 }, () => Promise.resolve(sender.usage()));
    expect((await sender.usage())._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
    held.resolve();
    const ended = await Promise.allSettled(usages);
    expect(ended.filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect((await sender.usage()).isOk()).toBe(true);
  });

  it("ends when the sender closes, or when the store is lost", async () => {
    const sender: MessageSender = senderBy(() => {
      closed ??= sender.close();
      return okAsync({ counts: [], next: { acceptedAt: ago(0), number: 1 } });
    });
    let closed: Promise<void> | undefined;
    expect((await sender.usage())._unsafeUnwrapErr()).toMatchObject({ reason: "the sender is closing" });
    await ports.clock.runUntil(closed ?? Promise.resolve());
    const lost = createMessageSender({
      ...ports,
      messages: { ...ports.messages, count: () => errAsync(exampleUnavailable) },
    });
    expect((await lost.usage())._unsafeUnwrapErr()).toEqual(exampleUnavailable);
  });

  it("begins with the first day that is kept, if the retention is shorter than 30 days", async () => {
    const sender = createMessageSender(ports, { retention: { keptMs: 2 * dayMs } });
    const first = new Date(Math.floor(ago(2 * dayMs).getTime() / dayMs) * dayMs);
    expect((await sender.usage())._unsafeUnwrap()).toMatchObject({ since: first });
    const earlier = { since: new Date(first.getTime() - 1) };
    expect((await sender.usage(earlier))._unsafeUnwrapErr()).toMatchObject({ problems: [{ path: ["since"] }] });
  });

  it.each([
    [{ tenantId: "a b" }, "tenantId"],
    [{ tenantId: ["a", ""] }, "tenantId"],
    [{ tenantId: 5 }, "tenantId"],
    [{ since: "2026-01-01" }, "since"],
    [{ until: new Date(Number.NaN) }, "until"],
    [{ since: new Date(0) }, "since"],
    [{ until: new Date(0) }, "until"],
    [{ since: new Date(8.64e15) }, "until"],
  ])("is refused for %o", async (query, path) => {
    const refused = (await createMessageSender(ports).usage(query as UsageQuery))._unsafeUnwrapErr();
    expect(refused).toMatchObject({ kind: "InvalidQuery", problems: [{ path: [path] }] });
  });
});
