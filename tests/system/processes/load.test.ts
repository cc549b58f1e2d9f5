import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { expect, it } from "vitest";

import { order, startService, until } from "../../support/running-service.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it("sends 2,000 messages of one tenant, 64 in parallel, with few calls to the Tenant Service and in flat memory", async () => {
  const { send, sandbox } = await startService({ sandbox: { keep: 100 } });
  const heapAfter: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    let left = 500;
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        while (left-- > 0) expect((await send({ ...order, conversation_id: crypto.randomUUID() })).status).toBe(200);
      }),
    );
    await until(() => sandbox.conversation.requests.length > 0 && sandbox.graph.messageCount === (round + 1) * 500);
    collectGarbage();
    heapAfter.push(process.memoryUsage().heapUsed);
  }
  expect(sandbox.graph.messageCount).toBe(2000);
  expect(sandbox.tenant.requestCount / 2000).toBeLessThanOrEqual(0.05);
  // Messages, log lines and status events that are still to be delivered are kept, a few KB each. A leak of sockets, timers or
  // waiters would take more.
  const growth = Number(heapAfter.at(-1)) - Number(heapAfter[1]);
  expect(growth / 1000).toBeLessThan(18_000);
});
