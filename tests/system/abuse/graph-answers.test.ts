import { deflateSync, gzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { type Answer, expectProblem, order, useAbusedServer } from "./abused-server.ts";
import { answerOf, dripping, endless, rawBytes, startFakeService } from "./fake-service.ts";
import { titleOf } from "./rows.ts";

const token = "EAAabused1";
const accepted = {
  messaging_product: "whatsapp",
  contacts: [{ wa_id: "628123456789" }],
  messages: [{ id: "wamid.fake" }],
};
const html = "<!doctype html><title>Sorry</title><p>This page is not available.";

const elsewhere = await startFakeService(answerOf(200, accepted));
const graph = await startFakeService(answerOf(200, accepted));
const server = useAbusedServer({
  GRAPH_API_URL: graph.url,
  RETRY_SCHEDULE_MS: "0",
  ATTEMPT_TIMEOUT_MS: "5000",
  ON_AMBIGUOUS: "hold",
});

/** Sends once, with this answer of WhatsApp. Whatever it is, ours shows neither the token nor a defect. */
async function sendWith(respond: Parameters<typeof graph.respondWith>[0]): Promise<Answer> {
  const before = graph.requests.length;
  graph.respondWith(respond);
  // From a number of its own: the circuit breaker of one number would open.
  const outlet_id = `outlet-${before}`;
  const phone_number_id = `1065403522${before}`;
  server.sandbox.tenant.setCredentials(order.tenant_id, outlet_id, { waba_access_token: token, phone_number_id });
  const answer = await server.send({ ...order, outlet_id });
  expect(graph.requests.length).toBe(before + 1);
  expect(elsewhere.requests).toEqual([]);
  expect(answer.text + server.printed()).not.toContain(token);
  if (answer.status !== 200) expectProblem(answer);
  return answer;
}

describe(titleOf("Graph: odd answers"), () => {
  it.each([
    ["HTML", answerOf(200, html, { "content-type": "text/html" })],
    ["HTML that calls itself JSON", answerOf(200, html)],
    ["nothing", answerOf(200, "")],
    ["{}", answerOf(200, {})],
    ["null", answerOf(200, "null")],
    ["a list", answerOf(200, [accepted])],
    ["half of it", answerOf(200, JSON.stringify(accepted).slice(0, -10))],
    ["no messages", answerOf(200, { ...accepted, messages: [] })],
    ["messages that are none", answerOf(200, { ...accepted, messages: [null] })],
    ["no id", answerOf(200, { ...accepted, messages: [{}] })],
    ["an empty id", answerOf(200, { ...accepted, messages: [{ id: "" }] })],
    ["an id of 10 KB", answerOf(200, { ...accepted, messages: [{ id: `wamid.${"A".repeat(10_000)}` }] })],
    ["an id with CR LF", answerOf(200, { ...accepted, messages: [{ id: "wamid.A\r\nX-Injected: 1" }] })],
    ["an id with an escape", answerOf(200, { ...accepted, messages: [{ id: "wamid.\u001b[2J" }] })],
    ["an id that is a number", answerOf(200, { ...accepted, messages: [{ id: 5 }] })],
    ["an id that holds the token", answerOf(200, { ...accepted, messages: [{ id: `wamid.${token}` }] })],
    ["bytes that are not UTF-8", answerOf(200, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
    ["arrays nested 1,000,000 deep", answerOf(200, "[".repeat(500_000) + "]".repeat(500_000))],
    ["broken gzip", answerOf(200, "no gzip", { "content-encoding": "gzip" })],
    ["an encoding that nobody knows", answerOf(200, "wrffntrf", { "content-encoding": "rot13" })],
    ["a length that is too large", answerOf(200, accepted, { "content-length": "100000" })],
    ["201 without a body", answerOf(201, "")],
    ["204", answerOf(204, "")],
  ])("a success with %s: the outcome is unknown", async (_, respond) => {
    const { status, json, text } = await sendWith(respond);
    expect([status, json["type"], json["message_status"]]).toEqual([504, "/problems/outcome-unknown", "unknown"]);
    expect(text.toLowerCase()).not.toMatch(/injected|doctype/);
  });

  it("a success of 50 MB is read no further than its limit", async () => {
    let sent = Number.NaN;
    const { status } = await sendWith(endless(200, "{", (megabytes) => (sent = megabytes)));
    expect(status).toBe(504);
    await expect.poll(() => sent).toBeLessThan(50);
  });

  it("a bomb of gzip is read no further than its limit", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, " "));
    expect((await sendWith(answerOf(200, bomb, { "content-encoding": "gzip" }))).status).toBe(504);
  });

  it("a success that drips ends at the attempt's time limit", async () => {
    expect((await sendWith(dripping(200, '{"messages":'))).status).toBe(504);
  });

  it.each([
    ["no HTTP", rawBytes("SSH-2.0-OpenSSH_9.6\r\n")],
    ["a status line alone", rawBytes("HTTP/1.1 200 OK\r\n")],
    ["no status", rawBytes("HTTP/1.1 OK\r\n\r\n")],
    ["a head of 1 MB", rawBytes(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(1_000_000)}\r\n\r\n`)],
    ["two lengths", rawBytes("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}")],
    ["a broken chunk", rawBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")],
    ["informational answers without an end", rawBytes("HTTP/1.1 100 Continue\r\n\r\n".repeat(1000))],
    ["nothing", rawBytes()],
  ])("%s: the outcome is unknown", async (_, respond) => {
    expect((await sendWith(respond)).status).toBe(504);
  });

  it.each([301, 302, 303, 307, 308])("a redirect, %i, is not followed", async (status) => {
    const answer = await sendWith(answerOf(status, "", { location: `${elsewhere.url}/?token=${token}` }));
    expect(answer.status).not.toBe(200);
  });

  it.each([400, 401, 403, 404, 405, 413, 418, 429, 451, 500, 502, 503, 504, 529, 599])(
    "HTML with %i is a failure like any other",
    async (status) => {
      const answer = await sendWith(answerOf(status, html, { "content-type": "text/html", "retry-after": "-1" }));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.json["detail"]).not.toBe("An unexpected error occurred.");
      expect(answer.text).not.toContain("doctype");
    },
  );

  it.each([
    ["no error object", { error: null }],
    ["an error that is a text", { error: "sorry" }],
    ["an error that is a list", { error: [] }],
    ["no code", { error: { message: "sorry" } }],
    ["a code that is a text", { error: { code: "x", message: "sorry" } }],
    ["a code beyond any number", { error: { code: 1e300, message: "sorry" } }],
    ["a negative code", { error: { code: -1, message: "sorry" } }],
    ["fields of other types", { error: { code: 131026, message: {}, error_data: 5, fbtrace_id: [] } }],
    ["a message of 1 MB", { error: { code: 131026, message: "m".repeat(500_000) } }],
    ["control characters", { error: { code: 131026, message: "a\u001b[2Jb\u202ec\u0000\r\nX-Injected: 1" } }],
    ["the token", { error: { code: 131026, message: `The token ${token} may not`, fbtrace_id: token } }],
    ["the header", { error: { code: 100, message: `bad Authorization: Bearer ${token}` } }],
    ["__proto__", JSON.parse('{"error":{"__proto__":{"code":190},"code":131026,"message":"x"}}') as unknown],
  ])("a Graph error with %s", async (_, body) => {
    const answer = await sendWith(answerOf(400, body));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.json["detail"]).not.toBe("An unexpected error occurred.");
    expect(answer.text.length).toBeLessThan(4000);
    expect(answer.text).not.toMatch(/\\u001b|\\u0000|\u202e/);
  });
});

describe(titleOf("outbound: tokens"), () => {
  it.each([
    ["gzip", gzipSync(JSON.stringify(accepted))],
    ["deflate", deflateSync(JSON.stringify(accepted))],
  ])("an answer in %s is decoded", async (encoding, bytes) => {
    const { status, json } = await sendWith(answerOf(200, bytes, { "content-encoding": encoding }));
    expect([status, json["whatsapp_message_id"]]).toEqual([200, "wamid.fake"]);
  });

  it.each([
    ["the wa_id", { ...accepted, contacts: [{ wa_id: token }] }],
    ["a field that Meta may add", { ...accepted, later: token }],
  ])("the token in %s of a success is not passed on", async (_, body) => {
    expect((await sendWith(answerOf(200, body))).status).toBe(200);
  });
});
