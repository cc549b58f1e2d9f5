import { createHmac } from "node:crypto";

import { errAsync, okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { appSecrets, createTestApp, order } from "../../../test/app.ts";

const phoneNumberId = `number-of-${order.outlet_id}`;
const wire = { sent: 1, delivered: 2, read: 3 } as const;

let test: ReturnType<typeof createTestApp>;

beforeEach(() => {
  test = createTestApp();
});

const sign = (text: string, secret = appSecrets[0] ?? "") =>
  `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;

async function post(body: object | string, signature?: string | null) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const header = signature === undefined ? sign(text) : signature;
  const headers = { "content-type": "application/json", ...(header !== null && { "x-hub-signature-256": header }) };
  return test.app.request("/webhooks/whatsapp", { method: "POST", body: text, headers });
}

const payload = (...statuses: readonly unknown[]) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: "1",
      changes: [
        {
          field: "messages",
          value: { messaging_product: "whatsapp", metadata: { phone_number_id: phoneNumberId }, statuses },
        },
      ],
    },
  ],
});

const status = (id: string, name: string, change: object = {}) => ({
  id: "wamid.1",
  status: name,
  timestamp: "1763719207",
  recipient_id: "628123456789",
  biz_opaque_callback_data: `ms1:${id}:1`,
  ...change,
});

async function sendOne(): Promise<string> {
  return String((await test.send(order)).json["message_id"]);
}

async function shown(id: string): Promise<Record<string, unknown>> {
  return (await test.app.request(`/api/v1/messages/${id}/status`)).json() as Promise<Record<string, unknown>>;
}

describe("the handshake", () => {
  const get = (query: string) => test.app.request(`/webhooks/whatsapp?${query}`);

  it("answers the challenge to a caller with the token", async () => {
    const answer = await get("hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1158201444");
    expect([answer.status, await answer.text()]).toEqual([200, "1158201444"]);
  });

  it.each([
    ["a wrong token", "hub.mode=subscribe&hub.verify_token=guess&hub.challenge=1", 403],
    ["another mode", "hub.mode=unsubscribe&hub.verify_token=verify-me&hub.challenge=1", 403],
    ["a script for a challenge", "hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=%3Cscript%3E", 400],
    ["a parameter twice", "hub.mode=subscribe&hub.verify_token=verify-me&hub.verify_token=x&hub.challenge=1", 400],
    ["nothing", "", 400],
  ])("refuses %s", async (_, query, expected) => {
    expect((await get(query)).status).toBe(expected);
  });
});

describe("bodies whose signature is not verified yet", () => {
  const postStream = async (body: ReadableStream, signature: string) =>
    test.app.request("/webhooks/whatsapp", {
      method: "POST",
      body,
      headers: { "x-hub-signature-256": signature },
      duplex: "half",
    } as RequestInit);

  it.each(["", "sha256=", "sha1=0", `sha256=${"0".repeat(63)}`])(
    "are not read where the signature is %j",
    async (given) => {
      let pulled = 0;
      const endless = new ReadableStream(
        { pull: (controller) => controller.enqueue(new Uint8Array((pulled += 1))) },
        { highWaterMark: 0 },
      );
      expect((await postStream(endless, given)).status).toBe(401);
      expect(pulled).toBe(0);
    },
  );

  it("are limited to 64 MiB in total, and do not block other requests", async () => {
    const piece = new Uint8Array(4 * 1024 * 1024 - 1);
    const answers: number[] = [];
    for (let number = 0; number < 40; number += 1) {
      const stalling = new ReadableStream({ start: (controller) => controller.enqueue(piece) });
      postStream(stalling, sign("other")).then(
        (answer) => answers.push(answer.status),
        () => {},
      );
    }
    await expect.poll(() => answers.length).toBe(24);
    expect(new Set(answers)).toEqual(new Set([503]));
    const id = await sendOne();
    expect((await post(payload(status(id, "read")))).status).toBe(200);
    expect(await shown(id)).toMatchObject({ status: "read" });
    expect((await post({ ...payload(), note: "x".repeat(3_000_000) })).status).toBe(200);
  });
});

describe("a signature", () => {
  it("by any of the app's secrets is accepted", async () => {
    const text = JSON.stringify(payload());
    for (const secret of appSecrets) expect((await post(text, sign(text, secret))).status).toBe(200);
  });

  it("covers the raw bytes", async () => {
    const text = `{"object":"whatsapp_business_account","entry":[],"note":"\\u00e4 \\/ <"}`;
    expect((await post(text)).status).toBe(200);
    expect((await post(text, sign(JSON.stringify(JSON.parse(text))))).status).toBe(401);
  });

  it.each([
    ["that is missing", () => null],
    ["of another algorithm", (text: string) => sign(text).replace("sha256", "sha1")],
    ["that is empty", () => ""],
    ["of 63 digits", (text: string) => sign(text).slice(0, -1)],
    ["of 65 digits", (text: string) => `${sign(text)}0`],
    ["that is not hexadecimal", (text: string) => sign(text).replace(/.$/, "g")],
    ["of another secret", (text: string) => sign(text, "another")],
    ["of other bytes", (text: string) => sign(`${text} `)],
  ])("%s gets 401 and changes nothing", async (_, forge) => {
    const id = await sendOne();
    const text = JSON.stringify(payload(status(id, "read")));
    const answer = await post(text, forge(text));
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("X-Hub-Signature-256");
    expect((await shown(id))["status"]).toBe("sent");
  });
});

describe("status webhooks", () => {
  it("lead to the right status in random order, repeated three times, with one in twenty badly signed", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 100; count += 1) ids.push(await sendOne());
    const events = ids.flatMap((id, index) =>
      Object.entries(wire).map(([name, second]) => ({
        ...status(id, name, { id: `wamid.${index + 1}`, timestamp: String(1763719200 + second) }),
      })),
    );
    const deliveries = [...events, ...events, ...events]
      .map((event, index) => ({ event, order: Math.sin(index * 7919) }))
      .toSorted((a, b) => a.order - b.order);
    for (const [index, { event }] of deliveries.entries()) {
      const bad = index % 20 === 0;
      const forged = { ...event, timestamp: "1" };
      const answer = bad ? await post(payload(forged), sign("something else")) : await post(payload(event));
      expect(answer.status).toBe(bad ? 401 : 200);
    }
    await post(payload(...events));
    for (const id of ids) {
      expect(await shown(id)).toMatchObject({
        status: "read",
        delivered_at: new Date((1763719200 + wire.delivered) * 1000).toISOString(),
        read_at: new Date((1763719200 + wire.read) * 1000).toISOString(),
      });
    }
  });

  it("that are malformed get 200 and do not affect others", async () => {
    const id = await sendOne();
    const odd = [
      null,
      7,
      status(id, "deleted"),
      status(id, "read", { timestamp: "-5" }),
      status(id, "read", { timestamp: "soon" }),
      status(id, "read", { id: 7 }),
    ];
    const unmatched = status("somebody-elses", "read", { id: "wamid.x" });
    const answer = await post(payload(...odd, unmatched, status(id, "delivered")));
    expect([answer.status, await answer.json()]).toEqual([200, { applied: 1, parked: 0, unmatched: 1, kept: 1 }]);
    expect((await shown(id))["status"]).toBe("delivered");
    expect(await kept()).toEqual([JSON.stringify(payload(...odd))]);
    const unread = (reason: string, count: number) => ({
      kind: "WebhookPartUnrecognized",
      part: "statuses",
      reason,
      count,
    });
    expect(test.ports.telemetry.events.filter(({ kind }) => kind === "WebhookPartUnrecognized")).toEqual([
      unread("not an object", 2),
      unread("unknown status: deleted", 1),
      unread("no time", 2),
      unread("no message id", 1),
    ]);
  });

  it("of payments do not change a message, and are kept", async () => {
    const id = await sendOne();
    const payments = ["pending", "captured", "failed", "sent", "read"].map((name) => ({
      ...status(id, name),
      from: "628123456789",
      type: "payment",
      payment: { reference_id: "order-1", amount: { value: 2100, offset: 100 }, currency: "INR" },
    }));
    const { type: _, ...untyped } = payments[2] ?? {};
    const answer = await post(payload(...payments, untyped));
    expect([answer.status, await answer.json()]).toEqual([200, { applied: 0, parked: 0, unmatched: 0, kept: 1 }]);
    expect((await shown(id))["status"]).toBe("sent");
    expect(await kept()).toEqual([JSON.stringify(payload(...payments, untyped))]);
  });

  it.each([
    ["a time in milliseconds", { timestamp: "1763719207123" }],
    ["a time that is a number", { timestamp: 1_763_719_207 }],
    ["no other type", { type: null, payment: null }],
    ["callback data that is null", { biz_opaque_callback_data: null }],
    ["callback data that is long", { biz_opaque_callback_data: `ms1:${"x".repeat(600)}:1` }],
    ["callback data of somebody else", { biz_opaque_callback_data: "order-17" }],
    ["callback data that is an object", { biz_opaque_callback_data: { ms1: 1 } }],
    ["errors that are null", { errors: null }],
    ["a recipient that is known by a user id alone", { recipient_id: undefined, recipient_user_id: "US.1349" }],
    ["other invalid fields", { pricing: 7, conversation: [], recipient_id: {}, recipient_type: 5, template_id: null }],
  ])("with %s still count", async (_, change) => {
    const id = await sendOne();
    const answer = await post(payload(status(id, "read", change)));
    expect(await answer.json()).toEqual({ applied: 1, parked: 0, unmatched: 0, kept: 0 });
    expect(await shown(id)).toMatchObject({ status: "read", read_at: expect.stringMatching(/^2025-11-21T10:00:07/) });
  });

  it("with foreign callback data and an unknown id are parked", async () => {
    const foreign = status("", "read", { id: "wamid.early", biz_opaque_callback_data: "order-17" });
    expect(await (await post(payload(foreign))).json()).toEqual({ applied: 0, parked: 1, unmatched: 0, kept: 0 });
  });

  it.each([
    ["two errors", [{ code: 131026 }, { code: 131049 }], "more than one error"],
    ["an error without a code", [{ title: "no" }], "an error without a code"],
    ["an error that is a string", "no", "an error without a code"],
    ["one error", [{ code: 131026, title: "no" }], undefined],
    ["an error that is not a list", { code: "131026" }, undefined],
  ])("that say failed with %s count, and their unknown parts are kept", async (_, errors, reason) => {
    const id = await sendOne();
    const failed = status(id, "failed", { errors });
    const kept_ = reason === undefined ? 0 : 1;
    expect(await (await post(payload(failed))).json()).toMatchObject({ applied: 1, kept: kept_ });
    expect((await shown(id))["status"]).toBe("failed");
    expect(await kept()).toEqual(reason === undefined ? [] : [JSON.stringify(payload(failed))]);
  });

  it.each([
    ["is not JSON", "{"],
    ["is of another object", JSON.stringify({ object: "page", entry: [] })],
    ["has no entries", JSON.stringify({ object: "whatsapp_business_account" })],
    [
      "has a change without a value",
      JSON.stringify({ object: "whatsapp_business_account", entry: [{ changes: [{ field: "messages" }] }] }),
    ],
    [
      "has another field",
      JSON.stringify({
        object: "whatsapp_business_account",
        entry: [{ changes: [{ field: "account_update", value: {} }] }],
      }),
    ],
    ["is nested 30,000 deep", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    [
      "has 1,000 entries",
      JSON.stringify({
        object: "whatsapp_business_account",
        entry: Array.from({ length: 1000 }, () => ({ changes: [] })),
      }),
    ],
  ])("whose body %s get 200", async (_, body) => {
    expect((await post(body)).status).toBe(200);
  });

  it("carry the pricing, and the record shows that of the delivery", async () => {
    const id = await sendOne();
    const priced = (category: unknown) => ({ billable: false, pricing_model: "PMP", category, type: "regular" });
    const record = async () => (await test.app.request(`/api/v1/messages/${id}`)).json();
    await post(payload(status(id, "sent", { pricing: priced("utility") })));
    expect(await record()).toMatchObject({ pricing: priced("utility") });
    await post(payload(status(id, "delivered", { pricing: priced("service") })));
    expect(await record()).toMatchObject({ pricing: priced("service") });
    expect(await shown(id)).not.toHaveProperty("pricing");
  });

  it.each([
    ["a price that is not an object", "free", undefined],
    ["an empty price", {}, undefined],
    ["unknown values in a price", { billable: "no", category: 7, type: "x".repeat(101), pricing_model: "CBP" }, "CBP"],
  ])("with %s still count", async (_, pricing, model) => {
    const id = await sendOne();
    expect(await (await post(payload(status(id, "read", { pricing })))).json()).toMatchObject({ applied: 1 });
    const record = (await (await test.app.request(`/api/v1/messages/${id}`)).json()) as Record<string, unknown>;
    expect(record["pricing"]).toEqual(model && { pricing_model: model });
  });

  it("of unknown messages are parked and counted", async () => {
    const early = status("", "read", { id: "wamid.early", biz_opaque_callback_data: undefined });
    expect(await (await post(payload(early))).json()).toEqual({ applied: 0, parked: 1, unmatched: 0, kept: 0 });
  });

  it("of 5 MB get 413", async () => {
    expect((await post("x".repeat(5 * 1024 * 1024))).status).toBe(413);
  });

  it("get 503 while the store is unavailable, so that Meta repeats them", async () => {
    const id = await sendOne();
    Object.assign(test.ports.messages, { find: () => errAsync({ kind: "Unavailable", reason: "away" }) });
    expect((await post(payload(status(id, "read")))).status).toBe(503);
  });
});

const kept = async () =>
  (await test.ports.webhookInbox.list({ limit: 10_000, maxBytes: 1e9 }))
    ._unsafeUnwrap()
    .webhooks.map(({ body }) => body);

describe("webhooks that are not statuses", () => {
  const inbound = String.raw`{"field":"messages","value":{"messages":[{"id":"wamid.in","n":12345678901234567890,"text":{"body":"Zo\u00eb \ud83d"}}]}}`;
  const webhookOf = (...changes: readonly string[]) =>
    `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[${changes.join(",")}]}]}`;

  it("are kept in their original text, each once", async () => {
    for (let count = 0; count < 2; count += 1) {
      const answer = await post(webhookOf(inbound));
      expect([answer.status, await answer.json()]).toEqual([200, { applied: 0, parked: 0, unmatched: 0, kept: 1 }]);
    }
    expect(await kept()).toEqual([webhookOf(inbound)]);
  });

  it("are kept completely if they contain statuses, which are applied, too", async () => {
    const id = await sendOne();
    const mixed = JSON.stringify(payload(status(id, "read"))).replace('"statuses"', '"errors":[{"code":1}],"statuses"');
    expect(await (await post(mixed)).json()).toMatchObject({ applied: 1, kept: 1 });
    expect(await kept()).toEqual([mixed]);
    expect((await shown(id))["status"]).toBe("read");
  });

  it.each([
    ["nested 10,000 deep", webhookOf(`{"field":"x","value":${"[".repeat(10_000)}${"]".repeat(10_000)}}`), 1],
    ["with an own __proto__", webhookOf('{"field":"x","__proto__":{"admin":true},"value":{"__proto__":1}}'), 1],
    [
      "of 1,000 entries",
      `{"entry":[${Array.from({ length: 1000 }, (_, i) => `{"id":"${i}","changes":[${inbound}]}`).join(",")}]}`,
      1000,
    ],
    ["of 1,000 changes", webhookOf(...Array.from({ length: 1000 }, (_, i) => `{"field":"f${i}"}`)), 1000],
  ])("%s get 200 and are counted", async (_, body, count) => {
    const answer = await post(body);
    expect([answer.status, await answer.json()]).toEqual([200, { applied: 0, parked: 0, unmatched: 0, kept: count }]);
    expect(await kept()).toHaveLength(count);
  });

  it("with a bad signature are not kept", async () => {
    expect((await post(webhookOf(inbound), sign("something else"))).status).toBe(401);
    expect(await kept()).toEqual([]);
  });

  it("open the service window, and record marketing opt-outs", async () => {
    const change = (field: string, element: object) =>
      JSON.stringify({ field, value: { metadata: { phone_number_id: phoneNumberId }, [field]: [element] } });
    const wrote = { from: "628123456789", timestamp: "1763719197", type: "text", text: { body: "Is it ready?" } };
    const wish = { wa_id: "628123456789", category: "marketing_messages", value: "stop", timestamp: 1763719198 };
    expect((await post(webhookOf(change("messages", wrote), change("user_preferences", wish)))).status).toBe(200);
    expect((await test.ports.recipients.find(phoneNumberId, order.to))._unsafeUnwrap()).toEqual({
      wroteAt: new Date(1_763_719_197_000),
      stoppedMarketingAt: new Date(1_763_719_198_000),
    });
  });

  it("do not call the store about recipients without facts about them", async () => {
    let noted = 0;
    Object.assign(test.ports.recipients, { note: () => okAsync(void (noted += 1)) });
    const id = await sendOne();
    for (const body of [payload(status(id, "read")), webhookOf(inbound)]) expect((await post(body)).status).toBe(200);
    expect(noted).toBe(0);
  });

  it("get 503 while facts about recipients cannot be stored", async () => {
    Object.assign(test.ports.recipients, { note: () => errAsync({ kind: "Unavailable", reason: "away" }) });
    const messages = [{ from: "628123456789", timestamp: "1763719207", type: "text" }];
    const value = { metadata: { phone_number_id: phoneNumberId }, messages };
    expect((await post(webhookOf(JSON.stringify({ field: "messages", value })))).status).toBe(503);
  });

  it("get 503 while the store is unavailable, so that Meta repeats them", async () => {
    Object.assign(test.ports.webhookInbox, { add: () => errAsync({ kind: "Unavailable", reason: "away" }) });
    expect((await post(webhookOf(inbound))).status).toBe(503);
  });
});
