import { expect, it } from "vitest";

import { writeClientPrograms } from "../../support/generated-client.ts";
import { order, startService } from "../../support/running-service.ts";

const program = `
import createClient from "openapi-fetch";

import type { paths } from "./api.ts";

const api = createClient<paths>({ baseUrl: process.argv[2] ?? "" });

const body = ${JSON.stringify(order)} as const;
const key = { "Idempotency-Key": "order-4711" };
const sent = await api.POST("/api/v1/messages/send", { params: { header: key }, body });
if (sent.error) throw new Error(sent.error.detail);
const path = { messageId: sent.data.message_id };

const record = await api.GET("/api/v1/messages/{messageId}", { params: { path } });
if (record.error) throw new Error(record.error.detail);
const [attempt] = record.data.attempts;

const status = await api.GET("/api/v1/messages/{messageId}/status", { params: { path } });
const missing = await api.GET("/api/v1/messages/{messageId}/status", { params: { path: { messageId: "unknown" } } });

const query = { tenant_id: body.tenant_id, status: "sent", limit: 10 } as const;
const listed = await api.GET("/api/v1/messages", { params: { query } });
if (listed.error) throw new Error(listed.error.detail);

console.log(JSON.stringify({
  sent: sent.data.status,
  to: record.data.to,
  attempt: attempt?.outcome,
  status: status.data?.status,
  missing: missing.error?.type,
  listed: listed.data.messages.map((message) => message.to),
  next: listed.data.next_cursor,
}));
`;

/** Each is a mistake that the compiler has to find. */
const mistakes = `
import createClient from "openapi-fetch";

import type { paths } from "./api.ts";

const api = createClient<paths>({ baseUrl: "" });
await api.GET("/api/v1/massages/{messageId}", { params: { path: { messageId: "m" } } });
await api.GET("/api/v1/messages/{messageId}", { params: { path: { message: "m" } } });
await api.POST("/api/v1/messages/{messageId}/resolve", { params: { path: { messageId: "m" } }, body: { action: "forget" } });
const { data } = await api.GET("/api/v1/messages/{messageId}/status", { params: { path: { messageId: "m" } } });
if (data?.status === "lost") throw new Error();
const location = { tenant_id: "t", outlet_id: "o", conversation_id: "c", to: "+628123456789", message_type: "location" } as const;
await api.POST("/api/v1/messages/send", { body: { ...location, message: { latitude: 1 } } });
`;

it("a client generated from the document sends, reads and lists, and its types find a wrong path, parameter, body and value", async () => {
  const { url, get } = await startService();
  const { body } = await get("/openapi.json");
  const programs = await writeClientPrograms(body, { "program.ts": program, "mistakes.ts": mistakes });
  // The mistakes alone.
  const found = (await programs.compile()).match(/^\S.*$/gm) ?? [];
  const places = found.map((line) => line.replace(/,\d+\): .*/, ")"));
  expect(new Set(places)).toEqual(new Set([7, 8, 9, 11, 13].map((line) => `mistakes.ts(${line})`)));
  expect(JSON.parse(await programs.run("program.ts", url))).toEqual({
    sent: "sent",
    to: order.to,
    attempt: "accepted",
    status: "sent",
    missing: "/problems/not-found",
    listed: [order.to],
    next: null,
  });
});
