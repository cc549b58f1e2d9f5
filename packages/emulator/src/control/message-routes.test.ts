import { describe, expect, test } from "vitest";

import { openControl } from "../../test/control-client.ts";

describe("list messages", () => {
  test("in both directions, the oldest first, and only those that match", async () => {
    const { call, send } = openControl();
    const out = await send();
    await call("POST", "/customers/628123456/messages", { text: "Hi" });
    await send({ to: "+628999", text: { body: "Other" } }, "456");
    const texts = async (query: string) =>
      (await call("GET", `/messages${query}`)).body.messages.map(({ text }: any) => text);
    expect(await texts("")).toEqual(["Hello!", "Hi", "Other"]);
    expect(await texts("?direction=in")).toEqual(["Hi"]);
    expect(await texts("?to=%2B62+812-3456")).toEqual(["Hello!", "Hi"]);
    expect(await texts("?phoneNumberId=456")).toEqual(["Other"]);
    expect(await texts("?pattern=^o&flags=i")).toEqual(["Other"]);
    expect(await texts("?text=ello&type=text&status=accepted")).toEqual(["Hello!"]);
    expect(await texts("?type=image")).toEqual([]);
    expect(await texts("?after=1&limit=1")).toEqual(["Other"]);
    expect((await call("GET", `/messages/${out}`)).body).toMatchObject({
      seq: 1,
      id: out,
      customer: "628123456",
      phoneNumberId: "123",
      content: { text: { body: "Hello!" } },
      status: "accepted",
      statuses: [],
    });
  });

  test("get message: an unknown one", async () => {
    expect((await openControl().call("GET", "/messages/wamid.none")).status).toBe(404);
  });
});

describe("set status", () => {
  test("moves a message that nobody else moves, without a target too", async () => {
    const { call, send } = openControl();
    const id = await send();
    expect((await call("POST", `/messages/${id}/status`, { status: "delivered" })).status).toBe(202);
    await call("POST", `/messages/${id}/status`, { status: "failed", errorCode: 131049, details: "Too many" });
    expect((await call("GET", `/messages/${id}`)).body).toMatchObject({
      status: "failed",
      statuses: [{ status: "delivered" }, { status: "failed", error: { code: 131049, details: "Too many" } }],
    });
  });

  test("fails with 131026 unless a code is given, and later if that is asked", async () => {
    const { call, send } = openControl();
    const id = await send();
    await call("POST", `/messages/${id}/status`, { status: "failed", afterMs: 1 });
    const found = await call("GET", "/wait/message?status=failed");
    expect(found.body).toMatchObject({ id, statuses: [{ status: "failed", error: { code: 131026 } }] });
  });

  test.each([{ status: "lost" }, { status: "read", errorCode: 1 }, { status: "read", afterMs: -1 }, undefined])(
    "%j is rejected",
    async (body) => {
      const { call, send } = openControl();
      expect((await call("POST", `/messages/${await send()}/status`, body)).status).toBe(400);
    },
  );

  test("of a message that WhatsApp did not accept is not known", async () => {
    const { call } = openControl();
    const { body } = await call("POST", "/customers/628123456/messages", { text: "Hi" });
    for (const id of ["wamid.none", body.message.id]) {
      expect((await call("POST", `/messages/${id}/status`, { status: "read" })).status).toBe(404);
    }
  });
});

describe("wait for message", () => {
  test("finds one that is there already", async () => {
    const { call, send } = openControl();
    const id = await send();
    expect((await call("GET", "/wait/message?to=628123456&text=Hello&timeoutMs=0")).body).toMatchObject({ id });
  });

  test("answers when it comes, and not before", async () => {
    const { call, send } = openControl();
    let answered = false;
    const wait = call("GET", "/wait/message?text=ready&timeoutMs=60000").finally(() => (answered = true));
    await send();
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    const id = await send({ text: { body: "Your order is ready." } });
    expect((await wait).body).toMatchObject({ id, text: "Your order is ready." });
  });

  test("gives a reader each message once, and another reader all of them", async () => {
    const { call, send } = openControl();
    const ids = [await send(), await send()];
    const read = async (reader: string) => (await call("GET", `/wait/message?reader=${reader}&timeoutMs=0`)).body.id;
    expect([await read("a"), await read("a"), await read("a")]).toEqual([...ids, undefined]);
    expect(await read("b")).toBe(ids[0]);
    await call("POST", "/reset");
    const again = await send();
    expect(await read("a")).toBe(again);
  });

  test("says after the time what came instead", async () => {
    const { call, send } = openControl();
    await send();
    expect(await call("GET", "/wait/message?text=ready&timeoutMs=1")).toMatchObject({
      status: 408,
      body: { title: "No such message", detail: "No message matched within 1 ms.", messages: [{ text: "Hello!" }] },
    });
  });

  test("ends when the client goes", async () => {
    const { call, events } = openControl();
    const abort = new AbortController();
    const wait = call("GET", "/wait/message?timeoutMs=600000", undefined, abort.signal);
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect((await wait.catch(() => ({ status: 408 }))).status).toBe(408);
    expect(events.isWatched).toBe(false);
  });

  test.each(["?pattern=(", "?flags=x", "?timeoutMs=-1", "?direction=up"])("%s is rejected", async (query) => {
    expect((await openControl().call("GET", `/wait/message${query}`)).status).toBe(400);
  });
});
