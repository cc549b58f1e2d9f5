import { expect, it } from "vitest";

import { order, startService } from "../../support/running-service.ts";

it("without keys the server accepts loopback names and ALLOWED_HOSTS, as Host and as Origin", async () => {
  const { send, sandbox } = await startService({ environment: { ALLOWED_HOSTS: "crm.internal, gateway" } });
  const statusOf = async (headers: Record<string, string>) => (await send(order, headers)).status;
  expect(await statusOf({})).toBe(200);
  expect(await statusOf({ host: "crm.internal:3000", origin: "https://gateway" })).toBe(200);
  expect(await statusOf({ host: "evil.example" })).toBe(403);
  expect(await statusOf({ origin: "https://evil.example" })).toBe(403);
  expect(sandbox.graph.messages).toHaveLength(2);
});

it("by default it accepts only loopback names", async () => {
  const { send } = await startService();
  expect((await send(order, { host: "localhost:3000" })).status).toBe(200);
  expect(await send(order, { host: "crm.internal" })).toMatchObject({
    status: 403,
    body: { type: "/problems/forbidden", detail: expect.stringContaining("ALLOWED_HOSTS") },
  });
});
