import { describe, expect, it } from "vitest";

import { isLongForm } from "../../support/long-form.ts";
import { order, type RunningService, startService, tenant } from "../../support/running-service.ts";

/** Far more than a second's worth. */
const many = isLongForm ? 1000 : 300;

const person = (index: number): string => `+62812${String(1_000_000 + index)}`;
const paced = { PACING: "on" };

describe("with WhatsApp's throughput limit of 80 messages a second", () => {
  it(`${many} messages to as many people, 200 at a time, are all accepted, most at the first attempt`, async () => {
    const { send, sandbox } = await startService({
      sandbox: { limits: { throughputPerSecond: 80, pair: true } },
      environment: paced,
    });
    let next = 0;
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        while (next < many) {
          next += 1;
          const answer = await send({ ...order, to: person(next), conversation_id: crypto.randomUUID() });
          expect(answer.status).toBe(200);
        }
      }),
    );
    expect(sandbox.graph.messageCount).toBe(many);
    // A busy machine bunches messages that left evenly. WhatsApp refuses some of them, and they are retried.
    expect(sandbox.graph.requestCount).toBeLessThan(1.5 * many);
  });
});

describe("with WhatsApp's limit of messages to one person", () => {
  it("a message that would wait beyond its deadline is refused at once, with the time to retry, and is not stored", async () => {
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
  it("slow a number down before it reaches its limit, which is logged", async () => {
    const { send, sandbox, log } = await startService({ environment: paced });
    sandbox.graph.setUsage({ business: { call_count: 90 } });
    expect((await send()).status).toBe(200);
    const line = log.map((text) => JSON.parse(text) as object).find((entry) => "phone_number_id" in entry);
    expect(line).toMatchObject({
      msg: "number throttled",
      reason: "WhatsApp says that 90 % of a limit is used up; 32 messages a second for now",
    });
  });

  const full = { call_count: 100, estimated_time_to_regain_access: 59 };

  it.each([
    ["the management of the account", { business: { ...full, type: "whatsapp_business_management" } }],
    ["another account", { business: full, wabaId: "999999999999999" }],
  ])("of %s do not stop the number", async (_, usage) => {
    const { send, sandbox, log } = await startService({ environment: paced });
    sandbox.graph.setUsage(usage);
    for (const index of [1, 2, 3]) expect((await send({ ...order, to: person(index) })).status).toBe(200);
    expect(log.filter((line) => line.includes('"number '))).toEqual([]);
  });

  it("of its own account stop the number for as long as they say", async () => {
    const { send, sandbox } = await startService({ environment: paced });
    sandbox.graph.setUsage({ business: full });
    expect((await send()).status).toBe(200);
    const held = await send();
    expect(held.status).toBe(429);
    expect(Number(held.headers["retry-after"])).toBeGreaterThan(3000);
  });
});

/** Sends this many messages, thirty at a time, each to another person. */
async function sendMany({ send }: Pick<RunningService, "send">, count: number) {
  const answers: Awaited<ReturnType<RunningService["send"]>>[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 30 }, async () => {
      while (next < count) {
        const to = person((next += 1));
        answers.push(await send({ ...order, to, conversation_id: crypto.randomUUID() }));
      }
    }),
  );
  return answers;
}

describe.each(["on", "off"])("while WhatsApp is down, PACING=%s", (PACING) => {
  it("no call waits, calls without an attempt are not stored, and sends succeed again within ten seconds of its recovery", async () => {
    const service = await startService({ environment: { PACING } });
    const { sandbox, get } = service;
    sandbox.faults.add({ target: "graph", effect: { status: 503 } });
    const startedAt = performance.now();
    const answers = await sendMany(service, 150);
    // Five rounds of thirty calls that each wait for all repeats would take 35 s.
    expect(performance.now() - startedAt).toBeLessThan(35_000);
    for (const { status, headers, body } of answers) {
      expect([status, body["type"]]).toEqual([503, "/problems/unavailable"]);
      expect(Number(headers["retry-after"])).toBeGreaterThan(0);
      expect(Number(headers["retry-after"])).toBeLessThanOrEqual(15);
    }
    const untried = answers.filter(({ body }) => body["message_id"] === undefined);
    expect(untried.length).toBeGreaterThanOrEqual(100);
    const tried = answers.find(({ body }) => body["message_id"] !== undefined);
    expect(tried?.body).toMatchObject({ message_status: "failed" });
    expect((await get(`/api/v1/messages/${String(tried?.body["message_id"])}`)).body).toMatchObject({
      status: "failed",
    });
    expect(sandbox.graph.requestCount).toBeLessThanOrEqual(100);
    sandbox.faults.clear();
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(new Set((await sendMany(service, 150)).map(({ status }) => status))).toEqual(new Set([200]));
    await service.close();
    expect(sandbox.tenant.quotaOf(tenant)).toMatchObject({ used: 150 });
  });
});

describe("while WhatsApp does not answer", () => {
  it("a call ends as unknown at the slot after its attempt, the others end at once, and a hanging probe delays nobody", async () => {
    const service = await startService({ environment: { ...paced, ATTEMPT_TIMEOUT_MS: "1000" } });
    service.sandbox.faults.add({ target: "graph", effect: { hang: true } });
    const answers = await sendMany(service, 60);
    const kinds = answers.map(
      ({ status, body }) => `${status} ${body["message_id"] === undefined ? "untried" : "tried"}`,
    );
    expect(new Set(kinds)).toEqual(new Set(["504 tried", "503 untried"]));
    service.sandbox.faults.clear();
    // A probe starts within five seconds, whatever happened to the earlier ones.
    await expect.poll(async () => (await service.send()).status, { interval: 200 }).toBe(200);
  });
});
