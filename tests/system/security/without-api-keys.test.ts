import { request } from "undici";
import { expect, it } from "vitest";

import { order, startService } from "../../support/running-service.ts";

it("refuses requests with an API key, which would not be checked, and no others", async () => {
  const { send, url, sandbox } = await startService();
  for (const header of [
    { authorization: "Bearer canary-key" },
    { authorization: "canary-key" },
    { authorization: "" },
    { "x-api-key": "canary-key" },
  ]) {
    const answer = await send(order, header);
    expect(answer).toMatchObject({ status: 400, body: { type: "/problems/invalid-request" } });
    expect(JSON.stringify(answer.body)).not.toContain("canary");
  }
  expect(sandbox.graph.requestCount).toBe(0);
  const status = await request(`${url}/api/v1/messages/any`, { headers: { authorization: "Bearer canary-key" } });
  expect(status.statusCode).toBe(400);
  await status.body.dump();
  const health = await request(`${url}/readyz`, { headers: { authorization: "Bearer canary-key" } });
  expect(health.statusCode).toBe(200);
  await health.body.dump();
  expect((await send(order, { authorization: "Basic dXNlcjpjYW5hcnk=" })).status).toBe(200);
});
