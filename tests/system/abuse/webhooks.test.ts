import { describe, expect, it } from "vitest";

import { type Answer, expectProblem, order, theirs, useAbusedServer } from "./abused-server.ts";
import { titleOf } from "./rows.ts";
import { envelope, signatureOf, signed, statusesOf, statusOf, webhookPath } from "./webhook-bodies.ts";

const server = useAbusedServer();

/** A message that WhatsApp has accepted. */
async function sent(changes: Readonly<Record<string, unknown>> = {}) {
  const { json } = await server.send({ ...order, ...changes });
  const graph = server.sandbox.graph.messages.at(-1);
  if (!graph) throw new Error("WhatsApp has no message");
  const path = `/api/v1/messages/${String(json["message_id"])}/status`;
  return { graph, status: async () => (await server.call({ method: "GET", path })).json };
}

async function deliver(body: string | Buffer): Promise<Answer> {
  const answer = await server.call(signed(body));
  expect(answer.status, String(body).slice(0, 200)).toBe(200);
  return answer;
}

describe(titleOf("webhook: signature"), () => {
  const body = envelope({ field: "messages", value: { messaging_product: "whatsapp" } });
  const hex = signatureOf(body).slice("sha256=".length);

  it.each([
    ["none", undefined],
    ["an empty one", ""],
    ["the name of the algorithm alone", "sha256="],
    ["sha1", `sha1=${hex.slice(0, 40)}`],
    ["sha1 of 64 digits", `sha1=${hex}`],
    ["sha512", `sha512=${hex}${hex}`],
    ["no algorithm", hex],
    ["the algorithm in capitals", `SHA256=${hex}`],
    ["a digit less", `sha256=${hex.slice(1)}`],
    ["a digit more", `sha256=${hex}0`],
    ["a letter that is no digit", `sha256=${hex.slice(0, 63)}g`],
    ["full-width digits", Buffer.from(`sha256=${"０".repeat(64)}`).toString("latin1")],
    ["base64", `sha256=${Buffer.from(hex, "hex").toString("base64")}`],
    ["a space before it", `sha256= ${hex}`],
    ["quotes around it", `sha256="${hex}"`],
    ["zeros", `sha256=${"0".repeat(64)}`],
    ["another secret's", signatureOf(body, "another secret")],
    ["an empty secret's", signatureOf(body, " ")],
    ["that of the JSON written anew", signatureOf(JSON.stringify(JSON.parse(body), null, 1))],
    ["that of the body and a newline", signatureOf(`${body}\n`)],
    ["that of nothing", signatureOf("")],
    ["one digit changed", `sha256=${hex.slice(0, 63)}${hex.endsWith("0") ? "1" : "0"}`],
    ["two in one header", `sha256=${hex},sha256=${hex}`],
    ["10 KB", `sha256=${"0".repeat(10_000)}`],
  ])("%s", async (_, signature) => {
    const headers: Record<string, string> = signature === undefined ? {} : { "x-hub-signature-256": signature };
    await server.expectRefusal({ path: webhookPath, headers, body }, 401);
  });

  it.each([
    ["one byte of it changed", body.replace("messages", "massages")],
    ["a space more", `${body} `],
    ["a byte less", body.slice(0, -1)],
    [
      "another order of fields",
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body) as object).toReversed())),
    ],
    ["nothing", ""],
  ])("the right signature for another body: %s", async (_, other) => {
    await server.expectRefusal(
      { path: webhookPath, headers: { "x-hub-signature-256": `sha256=${hex}` }, body: other },
      401,
    );
  });

  it("under another header, or twice", async () => {
    const signature = `sha256=${hex}`;
    for (const headers of [
      { "x-hub-signature": signature },
      { authorization: signature },
      { "x-hub-signature-256": [signature, `sha256=${"0".repeat(64)}`] },
      { "x-hub-signature-256": [`sha256=${"0".repeat(64)}`, signature] },
    ]) {
      const answer = await server.call({ path: webhookPath, headers, body });
      expect(answer.status, JSON.stringify(headers)).toBe(401);
      expectProblem(answer);
    }
    await deliver(body);
  });
});

describe(titleOf("webhook: repeated"), () => {
  it("a thousand times, eight at once", async () => {
    const { graph, status } = await sent();
    const body = envelope(statusesOf(graph, [statusOf(graph, "delivered")]));
    await deliver(body);
    const once = await status();
    expect(once).toMatchObject({ status: "delivered", delivered_at: "2025-11-21T10:00:01.000Z" });
    for (let round = 0; round < 125; round += 1) await Promise.all(Array.from({ length: 8 }, () => deliver(body)));
    expect(await status()).toEqual(once);
  });

  it.each([
    ["read", "delivered", "sent"],
    ["delivered", "sent", "read"],
    ["sent", "read", "delivered"],
    ["read", "sent", "delivered", "read", "delivered", "sent"],
  ])("in the order %s, %s, %s", async (...steps) => {
    const { graph, status } = await sent();
    for (const step of steps) await deliver(envelope(statusesOf(graph, [statusOf(graph, step)])));
    const again = await sent();
    await deliver(
      envelope(
        statusesOf(
          again.graph,
          steps.map((step) => statusOf(again.graph, step)),
        ),
      ),
    );
    for (const each of [status, again.status]) {
      const time = "2025-11-21T10:00:01.000Z";
      expect(await each()).toMatchObject({ status: "read", delivered_at: time, read_at: time });
    }
  });

  it.each([
    -1,
    "-1763719201",
    0,
    "0",
    4_102_444_800,
    "9".repeat(30),
    "soon",
    "",
    "1e9",
    "0x10",
    null,
    true,
    {},
    [],
    1.5,
  ])("the timestamp %j", async (timestamp) => {
    const { graph, status } = await sent();
    await deliver(envelope(statusesOf(graph, [statusOf(graph, "delivered", timestamp), statusOf(graph, "read")])));
    const later = statusOf(graph, "delivered", "1763719209");
    const body = envelope(statusesOf(graph, [later]));
    await deliver(body);
    const shown = await status();
    expect(shown).toMatchObject({ status: "read", read_at: "2025-11-21T10:00:01.000Z" });
    expect(Date.parse(String(shown["delivered_at"]))).not.toBeNaN();
    await deliver(body);
    expect(await status()).toEqual(shown);
  });
});

describe(titleOf("webhook: contents"), () => {
  const odd: Readonly<Record<string, string | Buffer>> = {
    nothing: "",
    "no JSON": "<html></html>",
    "half of it": '{"object":"whatsapp_business_account","entry":[',
    "bytes that are not UTF-8": Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    "arrays nested 30,000 deep": "[".repeat(30_000) + "]".repeat(30_000),
    "arrays nested 1,000,000 deep": "[".repeat(1_000_000) + "]".repeat(1_000_000),
    "objects nested in a change": envelope({ field: "messages", value: {} }).replace(
      "{}",
      `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`,
    ),
    null: "null",
    "a number": "5",
    "a text": '"webhook"',
    "an empty object": "{}",
    "an empty list": "[]",
    __proto__: '{"__proto__":{"entry":[]},"object":"whatsapp_business_account","entry":[{"__proto__":{"changes":[]}}]}',
    "another object": JSON.stringify({ object: "instagram", entry: [{ id: "1", changes: [] }] }),
    "an empty entry": JSON.stringify({ object: "whatsapp_business_account", entry: [] }),
    "an entry that is an object": JSON.stringify({ object: "whatsapp_business_account", entry: {} }),
    "entries that are none": JSON.stringify({ object: "whatsapp_business_account", entry: [null, 1, "a", [], {}] }),
    "changes that are none": envelope(null, 1, "a", [], {}),
    "1,000 entries": JSON.stringify({
      object: "whatsapp_business_account",
      entry: Array.from({ length: 1000 }, (_, id) => ({ id, changes: [{ field: "messages", value: {} }] })),
    }),
    "10,000 empty changes": envelope(...Array.from({ length: 10_000 }, () => ({}))),
    "no value": envelope({ field: "messages" }),
    "a value that is null": envelope({ field: "messages", value: null }),
    "no field": envelope({ value: {} }),
    "a field that nobody knows": envelope({ field: "hologram_update", value: { event: "X" } }),
    "a field of Object.prototype": envelope({ field: "constructor", value: {} }, { field: "__proto__", value: {} }),
    "statuses that are an object": envelope({ field: "messages", value: { statuses: { id: "wamid.1" } } }),
    "statuses that are none": envelope({ field: "messages", value: { statuses: [null, 1, "a", [], {}] } }),
    "no metadata": envelope({
      field: "messages",
      value: { statuses: [{ id: "wamid.1", status: "sent", timestamp: "1" }] },
    }),
    "messages that are none": envelope({ field: "messages", value: { messages: [null, 1, {}], contacts: 5 } }),
    "errors that are none": envelope({ field: "messages", value: { errors: [null, 1, {}] } }),
    "a lone surrogate": envelope({ field: "messages", value: { "\uD800": "\uDC00" } }),
    NUL: envelope({ field: "messages", value: { text: "a\u0000b" } }),
    "a huge number": envelope({ field: "messages", value: {} }).replace(
      "{}",
      '{"at":1e999999,"id":123456789012345678901234567890}',
    ),
  };

  it.each(Object.entries(odd))("%s", async (_, body) => {
    await deliver(body);
  });

  it.each([
    ["deleted", {}],
    ["warning", {}],
    ["hologram", {}],
    ["SENT", {}],
    ["", {}],
    ["constructor", {}],
    [null, {}],
    [5, {}],
    [{ status: "read" }, {}],
    ["read", { type: "payment" }],
    ["read", { payment: { reference_id: "1" } }],
    ["read", { id: undefined }],
    ["read", { id: "" }],
    ["read", { id: "a b" }],
    ["read", { id: "w".repeat(5000) }],
    ["read", { id: { wamid: 1 } }],
  ])("the status %j with %o changes nothing, and its neighbours apply", async (step, changes) => {
    const { graph, status } = await sent();
    const element = { ...statusOf(graph, "read"), status: step, ...changes };
    await deliver(envelope(statusesOf(graph, [element, statusOf(graph, "delivered"), element])));
    expect(await status()).toMatchObject({ status: "delivered" });
  });

  const notOurs = [null, 5, "", "x".repeat(100_000), "../../etc/passwd", "\u0000", { id: 1 }, [1], "' OR 1=1 --"];
  it.each(notOurs.map((data) => [JSON.stringify(data).slice(0, 40), data]))(
    "the callback data %s is as none: the id finds the message",
    async (_, callbackData) => {
      const { graph, status } = await sent();
      const element = { ...statusOf(graph, "read"), biz_opaque_callback_data: callbackData };
      await deliver(envelope(statusesOf(graph, [element])));
      expect(await status()).toMatchObject({ status: "read" });
    },
  );

  it.each([
    [],
    null,
    5,
    "a",
    {},
    [null],
    [{}],
    [{ code: "x" }],
    [{ code: -1, title: { a: 1 } }],
    [{ code: 1e300 }],
    [[1]],
  ])("a failure with the errors %j", async (errors) => {
    const { graph, status } = await sent();
    await deliver(envelope(statusesOf(graph, [{ ...statusOf(graph, "failed"), errors }])));
    expect(await status()).toMatchObject({ status: "failed" });
  });

  it("of 3 MB are read, and of 5 MB refused", async () => {
    await deliver(envelope({ field: "messages", value: { text: "a".repeat(3_000_000) } }));
    const large = Buffer.from(envelope({ field: "messages", value: { text: "a".repeat(5_000_000) } }));
    await server.expectRefusal(signed(large), 413);
  });

  it("under another method or media type", async () => {
    for (const method of ["PUT", "DELETE", "PATCH"] as const) {
      await server.expectRefusal({ ...signed("{}"), method }, 405);
    }
    for (const type of ["text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded"]) {
      expect((await server.call(signed("{}", { "content-type": type }))).status).toBe(200);
    }
  });
});

describe(titleOf("webhook: foreign message"), () => {
  it("is not applied: the facts of one number say nothing of another's message", async () => {
    const victim = await sent();
    const other = await sent(theirs);
    const before = await victim.status();
    const { wamid, callbackData } = victim.graph;
    for (const element of [
      { ...statusOf(other.graph, "read"), id: wamid },
      { ...statusOf(other.graph, "read"), biz_opaque_callback_data: callbackData },
      {
        ...statusOf(other.graph, "failed"),
        id: wamid,
        biz_opaque_callback_data: callbackData,
        errors: [{ code: 131026 }],
      },
    ]) {
      await deliver(envelope(statusesOf(other.graph, [element])));
    }
    expect(await victim.status()).toEqual(before);
  });

  it.each(["a", "a:1", "a/1", ":", "1", "00000000-0000-0000-0000-000000000000:1"])(
    "callback data that names no message: %s",
    async (callbackData) => {
      const element = {
        id: "wamid.foreign",
        status: "read",
        timestamp: "1763719201",
        biz_opaque_callback_data: callbackData,
      };
      await deliver(envelope(statusesOf({ phoneNumberId: "106540352242921" }, [element])));
    },
  );
});
