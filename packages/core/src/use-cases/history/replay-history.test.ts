import { errAsync, okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes, exampleUnavailable } from "../../contracts/fixtures.ts";
import { createTestPorts } from "../../in-memory/index.ts";
import type { HistoryEntry, HistoryResult } from "../../ports/history.ts";
import type { MessageSender } from "../message-sender-operations.ts";
import { createMessageSender } from "../message-sender.ts";

const refused = { kind: "refused", reason: "Conversation Service: answered HTTP 400", httpStatus: 400 } as const;
const { Accepted } = exampleOutcomes;
const final = { ...exampleOutcomes.Refused, final: true };

let ports: ReturnType<typeof createTestPorts>;
let sender: MessageSender;
let answer: HistoryResult;
let told: HistoryEntry[];

beforeEach(() => {
  ports = createTestPorts();
  answer = "stored";
  told = [];
  const history = {
    store(entries: readonly HistoryEntry[]) {
      told.push(...entries);
      return okAsync(entries.map(() => answer));
    },
  };
  sender = createMessageSender({ ...ports, history });
});

async function send(fields: Partial<typeof exampleCommand> & { readonly tenantId?: string } = {}): Promise<string> {
  const sent = await ports.clock.runUntil(sender.send({ ...exampleCommand, ...fields }));
  await ports.clock.runUntil(sender.tick());
  return sent.isOk() ? sent.value.message.id : "";
}

const tick = () => ports.clock.runUntil(sender.tick());
const left = async (id: string) => (await sender.deliveriesOf(id))._unsafeUnwrap().undelivered;
const find = async (id: string) => (await sender.find(id))._unsafeUnwrap();
const replay = (messageId: string, tenantId?: string) =>
  sender.replayHistoryOf({ messageId, by: "key_a", ...(tenantId !== undefined && { tenantId }) });

describe("the history of one message", () => {
  it("that was given up is delivered with its id, and who asked for it is in the record", async () => {
    answer = refused;
    const id = await send();
    expect(await left(id)).toMatchObject([{ topic: "history", state: "dead", claims: 1, why: refused.reason }]);
    answer = "stored";
    const { historyReplays } = (await replay(id))._unsafeUnwrap();
    await tick();
    expect(historyReplays).toEqual([{ at: expect.any(Date), by: "key_a" }]);
    expect((await find(id)).historyReplays).toEqual(historyReplays);
    expect(told).toHaveLength(2);
    expect(told[1]).toEqual(told[0]);
    expect(await left(id)).toEqual([]);
  });

  it("that waits for a retry is delivered at once, and the schedule goes on from there", async () => {
    answer = "retry";
    const id = await send();
    for (const _ of [1, 2]) {
      await ports.clock.advance(5000);
      await tick();
    }
    const [waiting] = await left(id);
    expect(waiting).toMatchObject({ state: "waiting", claims: 3, why: "the history did not store it" });
    expect(waiting?.dueAt?.getTime()).toBeGreaterThan(ports.clock.now().getTime());
    const tries = told.length;
    (await replay(id))._unsafeUnwrap();
    await tick();
    expect(told).toHaveLength(tries + 1);
    expect(await left(id)).toMatchObject([{ state: "waiting", claims: 4 }]);
  });

  it("that was delivered is told anew under the present version, once for each request", async () => {
    const id = await send();
    const [first] = told;
    expect([first?.correction, await left(id)]).toEqual([false, []]);
    const { historyReplays, version } = (await replay(id))._unsafeUnwrap();
    await tick();
    expect(historyReplays).toEqual([{ at: expect.any(Date), by: "key_a", version }]);
    expect(told.slice(1)).toEqual([{ ...first, version, correction: true }]);
    (await replay(id))._unsafeUnwrap();
    await tick();
    expect(told[2]).toEqual(told[1]);
    expect((await find(id)).version).toBe(version);
  });

  it("is told once for requests at the same time", async () => {
    const id = await send();
    await Promise.all([replay(id), replay(id), replay(id)]);
    for (const _ of [1, 2, 3]) {
      await tick();
      await ports.clock.advance(60_000);
    }
    expect(told).toHaveLength(2);
    expect(await left(id)).toEqual([]);
    expect((await find(id)).historyReplays).toHaveLength(3);
  });

  it("is not told of a message that was never sent, nor of a person who was erased", async () => {
    ports.transport.answerWith(final);
    await send();
    const [unsent] = (await sender.list())._unsafeUnwrap().messages;
    expect((await replay(unsent?.id ?? ""))._unsafeUnwrapErr()).toMatchObject({
      kind: "Conflict",
      action: "replay history",
    });
    const id = await send();
    (await sender.erase({ to: exampleCommand.to }))._unsafeUnwrap();
    expect((await replay(id))._unsafeUnwrapErr().kind).toBe("Conflict");
    expect(told).toHaveLength(1);
  });

  it("is not told without a history", async () => {
    const { history: _, ...others } = ports;
    sender = createMessageSender(others);
    const id = await send();
    expect((await sender.deliveriesOf(id))._unsafeUnwrap()).toEqual({
      undelivered: [],
      delivered: [],
      hasHistory: false,
    });
    expect((await replay(id))._unsafeUnwrapErr().kind).toBe("Conflict");
    expect((await find(id)).historyReplays).toBeUndefined();
  });

  it("of another tenant is not found", async () => {
    const id = await send();
    expect((await replay(id, "tenant-2"))._unsafeUnwrapErr()).toEqual({ kind: "MessageNotFound" });
    expect((await replay("no-such-message"))._unsafeUnwrapErr()).toEqual({ kind: "MessageNotFound" });
    expect((await find(id)).historyReplays).toBeUndefined();
  });

  it.each([["undelivered"], ["revive"], ["hasten"]] as const)("is unavailable with its store: %s", async (call) => {
    answer = call === "revive" ? refused : "retry";
    const id = await send();
    Object.assign(ports.outbox, { [call]: () => errAsync(exampleUnavailable) });
    expect((await replay(id))._unsafeUnwrapErr()).toEqual(exampleUnavailable);
  });
});

describe("what a history was not told of a tenant", () => {
  it("is delivered again, recorded in each message, and nothing of another tenant", async () => {
    answer = refused;
    ports.transport.answerWith(Accepted, { ...Accepted, wamid: "wamid.2" }, { ...Accepted, wamid: "wamid.3" });
    const ids = [await send(), await send({ conversationId: "other" }), await send({ tenantId: "tenant-2" })];
    const dead = async (tenantId: string) => (await sender.deadHistory({ tenantId, limit: 9 }))._unsafeUnwrap();
    expect((await dead("tenant-1")).map(({ messageId }) => messageId)).toEqual(ids.slice(0, 2));
    answer = "stored";
    const query = { tenantId: "tenant-1", by: "key_a" };
    expect((await sender.replayHistory(query))._unsafeUnwrap()).toBe(2);
    await tick();
    expect([await dead("tenant-1"), (await dead("tenant-2")).length]).toEqual([[], 1]);
    const replays = await Promise.all(ids.map(async (id) => (await find(id)).historyReplays));
    expect(replays).toMatchObject([[{ by: "key_a" }], [{ by: "key_a" }], undefined]);
    expect((await sender.replayHistory(query))._unsafeUnwrap()).toBe(0);
  });

  it("is delivered again although the store has forgotten the message", async () => {
    answer = refused;
    await send();
    Object.assign(ports.messages, { find: () => okAsync(undefined) });
    answer = "stored";
    expect((await sender.replayHistory({ tenantId: "tenant-1" }))._unsafeUnwrap()).toBe(1);
    await tick();
    expect(told).toHaveLength(2);
  });

  it("is unavailable with its store", async () => {
    answer = refused;
    await send();
    Object.assign(ports.outbox, { revive: () => errAsync(exampleUnavailable) });
    expect((await sender.replayHistory({ tenantId: "tenant-1" }))._unsafeUnwrapErr()).toEqual(exampleUnavailable);
    Object.assign(ports.outbox, { listDead: () => errAsync(exampleUnavailable) });
    expect((await sender.replayHistory({ tenantId: "tenant-1" }))._unsafeUnwrapErr()).toEqual(exampleUnavailable);
  });
});
