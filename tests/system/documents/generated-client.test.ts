import { expect, it } from "vitest";

import { writeClientProgram } from "../../support/generated-client.ts";
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

console.log(JSON.stringify({
  sent: sent.data.status,
  to: record.data.to,
  attempt: attempt?.outcome,
  status: status.data?.status,
  missing: missing.error?.type,
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
`;

it("a client generated from the document type-checks, sends, and reads the record and the status", async () => {
  const { url, get } = await startService();
  const { body } = await get("/openapi.json");
  const client = await writeClientProgram(body, program);
  expect(await client.compile()).toBe("");
  expect(JSON.parse(await client.run(url))).toEqual({
    sent: "sent",
    to: order.to,
    attempt: "accepted",
    status: "sent",
    missing: "/problems/not-found",
  });
});

it("its types find a wrong path, parameter, body and value", async () => {
  const { get } = await startService();
  const { body } = await get("/openapi.json");
  const found = await (await writeClientProgram(body, mistakes)).compile();
  const lines = [...found.matchAll(/^program\.ts\((\d+),/gm)].map(([, line]) => Number(line));
  expect([...new Set(lines)]).toEqual([7, 8, 9, 11]);
});
