import { describe, expect, it } from "vitest";

import { order, startService } from "../test/running-service.ts";

const person = (index: number): string => `+62812${String(1_000_000 + index)}`;
const paced = { PACING: "on" };

describe("with WhatsApp's throughput limit of 80 messages a second", () => {
  it("a thousand messages to a thousand people, 200 at a time, are all taken at the first try", async () => {
    const { send, sandbox } = await startService({
      sandbox: { limits: { throughputPerSecond: 80, pair: true } },
      environment: paced,
    });
    let next = 0;
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        while (next < 1000) {
          next += 1;
          const answer = await send({ ...order, to: person(next), conversation_id: crypto.randomUUID() });
          expect(answer.status).toBe(200);
        }
      }),
    );
    expect([sandbox.graph.messageCount, sandbox.graph.requestCount]).toEqual([1000, 1000]);
  });
});

describe("with WhatsApp's limit of messages to one person", () => {
  it("what would be too much in time is answered at once, with when to come again, and nothing is kept of it", async () => {
    const { send, sandbox } = await startService({
      sandbox: { limits: { pair: true } },
      environment: { ...paced, SEND_DEADLINE_MS: "20000" },
    });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => send({ ...order, conversation_id: crypto.randomUUID() })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    const held = answers.find(({ status }) => status === 429);
    expect(held?.body).toMatchObject({ type: "/problems/rate-limited" });
    expect(held?.body).not.toHaveProperty("message_id");
    expect(JSON.stringify(held?.body)).not.toContain(order.to.slice(1));
    expect(Number(held?.headers["retry-after"])).toBeGreaterThan(20);
    expect((await send({ ...order, to: person(1) })).status).toBe(200);
    expect(sandbox.graph.requestCount).toBe(6);
  });
});

describe("usage headers", () => {
  it("slow a number down before its limit is hit, which the log says", async () => {
    const { send, sandbox, log } = await startService({ environment: paced });
    sandbox.graph.setUsage({ business: { call_count: 90 } });
    expect((await send()).status).toBe(200);
    const line = log.map((text) => JSON.parse(text) as object).find((entry) => "phone_number_id" in entry);
    expect(line).toMatchObject({
      msg: "number slowed",
      reason: "WhatsApp says that 90 % of a limit is used up; 32 messages a second for now",
    });
  });

  const full = { call_count: 100, estimated_time_to_regain_access: 59 };

  it.each([
    ["the management of the account", { business: { ...full, type: "whatsapp_business_management" } }],
    ["another account", { business: full, wabaId: "999999999999999" }],
  ])("of %s stop no number", async (_, usage) => {
    const { send, sandbox, log } = await startService({ environment: paced });
    sandbox.graph.setUsage(usage);
    for (const index of [1, 2, 3]) expect((await send({ ...order, to: person(index) })).status).toBe(200);
    expect(log.filter((line) => line.includes('"number '))).toEqual([]);
  });

  it("of its own account stop a number for as long as they say", async () => {
    const { send, sandbox } = await startService({ environment: paced });
    sandbox.graph.setUsage({ business: full });
    expect((await send()).status).toBe(200);
    const held = await send();
    expect(held.status).toBe(429);
    expect(Number(held.headers["retry-after"])).toBeGreaterThan(3000);
  });
});

describe("where WhatsApp is down", () => {
  it("a call that cannot wait for it is answered with 503 at once, and the others once it is back", async () => {
    const { send, sandbox } = await startService({ environment: { ...paced, RETRY_SCHEDULE_MS: "0" } });
    sandbox.faults.add({ target: "graph", effect: { status: 503 } });
    const failed = await Promise.all(Array.from({ length: 20 }, (_, index) => send({ ...order, to: person(index) })));
    expect(new Set(failed.map(({ status }) => status))).toEqual(new Set([500]));
    const denied = await send(order, { prefer: "wait=2" });
    expect([denied.status, denied.body["type"]]).toEqual([503, "/problems/unavailable"]);
    expect(Number(denied.headers["retry-after"])).toBeGreaterThan(2);
    expect(sandbox.graph.requestCount).toBe(20);
    sandbox.faults.clear();
    const later = await Promise.all(Array.from({ length: 50 }, (_, index) => send({ ...order, to: person(index) })));
    expect(new Set(later.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
