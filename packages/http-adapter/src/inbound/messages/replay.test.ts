import { exampleOutcomes } from "@message-sender/core/contracts";
import { okAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";

describe("a replay of the history", () => {
  it("repeats permanently refused entries, and counts them", async () => {
    const { sender, send, post, ports } = createTestApp();
    const { store } = ports.history;
    Object.assign(ports.history, { store: (entries: readonly unknown[]) => okAsync(entries.map(() => "refused")) });
    await send(order);
    await ports.clock.runUntil(sender.tick());
    Object.assign(ports.history, { store });
    await ports.clock.runUntil(sender.tick());
    expect(ports.history.conversation(order.conversation_id)).toEqual([]);
    const replay = () => post("", {}, "/api/v1/admin/history/replay");
    expect(await replay()).toMatchObject({ status: 200, json: { replayed: 1 } });
    expect((await replay()).json).toEqual({ replayed: 0 });
    await ports.clock.runUntil(sender.tick());
    expect(ports.history.conversation(order.conversation_id)).toHaveLength(1);
  });

  it("delivers that of one message again, also one that was delivered, and records who asked for it", async () => {
    const { sender, send, post, ports } = createTestApp();
    const id = String((await send(order)).json["message_id"]);
    await ports.clock.runUntil(sender.tick());
    const replay = (query: string) => post("", {}, `/api/v1/admin/history/replay?${query}`);
    expect(await replay(`message_id=${id}`)).toMatchObject({ status: 200, json: { replayed: 1 } });
    expect((await sender.find(id))._unsafeUnwrap().historyReplays).toMatchObject([{ version: expect.any(Number) }]);
    expect(await replay("message_id=no-such-message")).toMatchObject({ status: 404 });
    expect(await replay(`message_id=${id}&tenant_id=other`)).toMatchObject({ status: 404 });
    expect(await replay("colour=blue")).toMatchObject({ status: 400 });
  });

  it("of a message that was never sent is a conflict", async () => {
    const { post, send, ports } = createTestApp();
    ports.transport.answerWith({ ...exampleOutcomes.Refused, final: true });
    const id = String((await send(order)).json["message_id"]);
    expect(await post("", {}, `/api/v1/admin/history/replay?message_id=${id}`)).toMatchObject({
      status: 409,
      json: { detail: "Only a message that was sent is in the history. This message is failed." },
    });
  });

  it("takes no body: one that was meant as a filter must not be ignored", async () => {
    const { post } = createTestApp();
    const body = JSON.stringify({ tenant_id: order.tenant_id });
    expect(await post(body, {}, "/api/v1/admin/history/replay")).toMatchObject({ status: 400 });
  });

  it("with access to some tenants is of those alone", async () => {
    const { sender, send, post, ports } = createTestApp({
      access: (request) => ({
        caller: "key_a",
        tenants: request.headers.has("authorization") ? [order.tenant_id] : "all",
        scopes: ["send", "admin"],
      }),
    });
    Object.assign(ports.history, { store: (entries: readonly unknown[]) => okAsync(entries.map(() => "refused")) });
    const other = "0b9d4a3e-6c1f-4f0a-9d53-7a1c2e3f4aff";
    const mine = String((await send(order)).json["message_id"]);
    ports.transport.answerWith({ kind: "Accepted", wamid: "wamid.other" });
    const theirs = String((await send({ ...order, tenant_id: other })).json["message_id"]);
    await ports.clock.runUntil(sender.tick());
    const replay = async (query: string) => {
      const path = `/api/v1/admin/history/replay?${query}`;
      const { status, json } = await post("", { authorization: "Bearer of-one" }, path);
      return [status, json["replayed"]];
    };
    expect(await replay("")).toEqual([403, undefined]);
    expect(await replay(`tenant_id=${other}`)).toEqual([404, undefined]);
    expect(await replay(`message_id=${theirs}`)).toEqual([404, undefined]);
    expect(await replay(`tenant_id=${order.tenant_id}`)).toEqual([200, 1]);
    expect(await replay(`message_id=${mine}`)).toEqual([200, 1]);
    const replaysOf = async (id: string) => (await sender.find(id))._unsafeUnwrap().historyReplays;
    expect([(await replaysOf(mine))?.map(({ by }) => by), await replaysOf(theirs)]).toEqual([
      ["key_a", "key_a"],
      undefined,
    ]);
  });

  it.each(["history", "callbacks"])("is refused to web pages: %s", async (what) => {
    const { post } = createTestApp();
    const answer = await post("", { origin: "https://example.com" }, `/api/v1/admin/${what}/replay`);
    expect(answer.status).toBe(403);
  });
});

describe("the log line of a request to replay or discard", () => {
  it.each([
    ["history/replay", "", { action: "replay", filter: {}, changed: 1 }],
    ["history/replay", "?tenant_id=acme", { action: "replay", filter: { tenant_id: "acme" }, changed: 0 }],
    ["history/replay", "?message_id=m-1", { action: "replay", filter: { message_id: "m-1" }, problem: "not-found" }],
    ["callbacks/replay", "", { action: "replay", changed: 3 }],
    ["callbacks/discard", "", { action: "discard", changed: 3 }],
  ])("says what %s%s was asked, and what became of it", async (path, query, fields) => {
    const { sender, send, post, ports, statusCallbacks, lines } = createTestApp();
    Object.assign(ports.history, { store: (entries: readonly unknown[]) => okAsync(entries.map(() => "refused")) });
    statusCallbacks.answer(order.tenant_id, { kind: "refused", reason: "answered HTTP 410" });
    await send(order);
    await ports.clock.runUntil(sender.tick());
    lines.length = 0;
    await post("", {}, `/api/v1/admin/${path}${query}`);
    const logged = lines.map(({ fields: { action, filter, changed, problem } }) => ({
      action,
      filter,
      changed,
      problem,
    }));
    expect(logged).toEqual([fields]);
  });

  it.each([
    ["history/replay?tenant_id=theirs", 404, { action: "replay", filter: { tenant_id: "theirs" } }],
    ["callbacks/replay", 403, { action: "replay" }],
    ["callbacks/discard", 403, { action: "discard" }],
  ])("says what %s was asked also if it is refused for its caller", async (path, http_status, fields) => {
    const { post, lines } = createTestApp({ access: () => ({ tenants: ["mine"], scopes: ["admin"] }) });
    await post("", {}, `/api/v1/admin/${path}`);
    expect(lines).toMatchObject([{ fields: { http_status, ...fields } }]);
  });
});
