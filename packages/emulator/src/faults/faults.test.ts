import { describe, expect, test } from "vitest";

import { createServices } from "../sandbox/services.ts";
import type { Fault, FaultTarget } from "./fault.ts";

const text = { messaging_product: "whatsapp", to: "+628123456", type: "text", text: { body: "Hello!" } };

function faultyServices() {
  const services = createServices({});
  const { graph, tenant, conversation } = services;
  const post = (body: unknown) => ({
    method: "POST",
    headers: { authorization: "Bearer EAAtoken", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify(body),
  });
  const send = async (change: object = {}, number = "123") =>
    graph.app.request(`/v25.0/${number}/messages`, post({ ...text, ...change }), {});
  return {
    ...services,
    send,
    statusOf: async (change?: object, number?: string) => (await send(change, number)).status,
    lookUp: async (tenantId = "t1") =>
      (await tenant.app.request(`/api/v1/tenants/${tenantId}/outlets/o1/waba`, {}, {})).status,
    quota: async () => (await tenant.app.request("/api/v1/tenants/t1/quota", {}, {})).status,
    batch: async (...messages: object[]) =>
      (await conversation.app.request("/api/v1/conversations/messages/batch", post({ messages }), {})).status,
  };
}

const unavailable = { status: 503 };

describe("faults", () => {
  test("nothing fails without a fault, or after remove, clear or reset", async () => {
    const { faults, statusOf, reset } = faultyServices();
    expect(await statusOf()).toBe(200);
    const fault = faults.add({ target: "graph", effect: unavailable });
    expect(await statusOf()).toBe(503);
    fault.remove();
    expect(await statusOf()).toBe(200);
    for (const stop of [faults.clear, reset]) {
      faults.add({ target: "graph", effect: unavailable });
      expect(await statusOf()).toBe(503);
      stop();
      expect(await statusOf()).toBe(200);
    }
  });

  test("the log names the fault that was applied to a request", async () => {
    const { faults, graph, statusOf } = faultyServices();
    const fault = faults.add({ target: "graph", effect: { graphError: 131056 } });
    await statusOf();
    expect(graph.log.entries()).toMatchObject([{ fault: fault.id, status: 400, body: text }]);
    expect(graph.accepted.count).toBe(0);
    expect(fault.hits).toBe(1);
  });
});

describe("triggers", () => {
  async function statusesWith(...faults: Pick<Fault, "trigger" | "effect">[]) {
    const services = faultyServices();
    for (const fault of faults) services.faults.add({ target: "graph", ...fault });
    const statuses = [];
    for (let call = 0; call < 6; call += 1) statuses.push(await services.statusOf());
    return statuses;
  }

  test("always", async () => {
    expect(await statusesWith({ effect: unavailable })).toEqual([503, 503, 503, 503, 503, 503]);
  });

  test("the next N", async () => {
    expect(await statusesWith({ trigger: { next: 2 }, effect: unavailable })).toEqual([503, 503, 200, 200, 200, 200]);
  });

  test("every Nth", async () => {
    expect(await statusesWith({ trigger: { every: 3 }, effect: unavailable })).toEqual([200, 200, 503, 200, 200, 503]);
  });

  test("faults with `next` form a sequence", async () => {
    const statuses = await statusesWith(
      { trigger: { next: 1 }, effect: { graphError: 131056 } },
      { trigger: { next: 2 }, effect: { status: 502 } },
      { trigger: { next: 1 }, effect: { graphError: 131016 } },
    );
    expect(statuses).toEqual([400, 502, 502, 500, 200, 200]);
  });

  test("a fault that does not trigger leaves the request to the following one", async () => {
    const statuses = await statusesWith({ trigger: { every: 2 }, effect: { status: 502 } }, { effect: unavailable });
    expect(statuses).toEqual([503, 502, 503, 502, 503, 502]);
  });

  test("of concurrent requests, exactly N are affected", async () => {
    const { faults, statusOf } = faultyServices();
    const fault = faults.add({ target: "graph", trigger: { next: 7 }, match: { to: text.to }, effect: unavailable });
    const statuses = await Promise.all(Array.from({ length: 30 }, () => statusOf()));
    expect(statuses.filter((status) => status === 503)).toHaveLength(7);
    expect(fault.hits).toBe(7);
    expect(faults.list()).toEqual([]);
  });
});

describe("matches", () => {
  test.each([
    [{ to: "+628123456" }, {}, 503],
    [{ to: "62 812-3456" }, {}, 503],
    [{ to: "+628999" }, {}, 200],
    [{ to: "US.134" }, { to: undefined, recipient: "US.134" }, 503],
    [{ phoneNumberId: "123" }, {}, 503],
    [{ phoneNumberId: "124" }, {}, 200],
    [{ messageIncludes: "ell" }, {}, 503],
    [{ messageIncludes: "628123" }, {}, 200],
    [{ messageIncludes: "ell", to: "+628999" }, {}, 200],
    [{ tenantId: "t1" }, {}, 200],
  ])("%j on %j gives %i", async (match, change, status) => {
    const { faults, statusOf } = faultyServices();
    faults.add({ target: "graph", match, effect: unavailable });
    expect(await statusOf(change)).toBe(status);
  });

  test("a tenant", async () => {
    const { faults, lookUp } = faultyServices();
    faults.add({ target: "tenant", match: { tenantId: "t1" }, effect: unavailable });
    expect([await lookUp("t1"), await lookUp("t2")]).toEqual([503, 200]);
  });

  test("a batch, when one of its messages matches", async () => {
    const { faults, batch } = faultyServices();
    faults.add({ target: "conversation", match: { tenantId: "t2", messageIncludes: "b" }, effect: unavailable });
    expect(await batch({ tenant_id: "t1", message: "a" }, { tenant_id: "t2", message: "b" })).toBe(503);
    expect(await batch({ tenant_id: "t1", message: "b" }, { tenant_id: "t2", message: "a" })).toBe(207);
  });
});

test.each<[FaultTarget, number[]]>([
  ["graph", [503, 200, 200, 207]],
  ["tenant", [200, 503, 503, 207]],
  ["tenant.credentials", [200, 503, 200, 207]],
  ["tenant.quota", [200, 200, 503, 207]],
  ["conversation", [200, 200, 200, 503]],
])("the target %s affects no other requests", async (target, statuses) => {
  const { faults, statusOf, lookUp, quota, batch } = faultyServices();
  faults.add({ target, effect: unavailable });
  expect([await statusOf(), await lookUp(), await quota(), await batch({}, {})]).toEqual(statuses);
});

describe("effects", () => {
  test("a Graph error with all its options", async () => {
    const { faults, send } = faultyServices();
    faults.add({
      target: "graph",
      effect: { graphError: 80007, details: "WABA is slow", status: 429, isTransient: true, retryAfterSeconds: 3 },
    });
    const response = await send();
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("3");
    expect(await response.json()).toMatchObject({
      error: { code: 80007, is_transient: true, error_data: { details: "WABA is slow" } },
    });
  });

  test("a status with an HTML page, or with the given body and headers", async () => {
    const { faults, send } = faultyServices();
    faults.add({ target: "graph", trigger: { next: 1 }, effect: { status: 502 } });
    const page = await send();
    expect(page.headers.get("content-type")).toMatch("text/html");
    expect(await page.text()).toMatch("<html>");
    faults.add({ target: "graph", effect: { status: 429, body: "{}", headers: { "retry-after": "9" } } });
    const given = await send();
    expect([given.status, given.headers.get("retry-after"), await given.text()]).toEqual([429, "9", "{}"]);
  });

  test("an HTML page instead of an answer, and nothing is accepted", async () => {
    const { faults, send, graph } = faultyServices();
    faults.add({ target: "graph", effect: { html: true } });
    const response = await send();
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch("<html>");
    expect(graph.accepted.count).toBe(0);
  });

  test("a delay, then the answer", async () => {
    const { faults, statusOf } = faultyServices();
    faults.add({ target: "graph", effect: { delayMs: 40 } });
    const startedAt = performance.now();
    expect(await statusOf()).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThan(35);
  });

  test.each(["before", "after"] as const)("without a socket, a reset %s is a network error", async (reset) => {
    const { faults, send, graph } = faultyServices();
    faults.add({ target: "graph", effect: { reset } });
    expect((await send()).type).toBe("error");
    expect(graph.accepted.count).toBe(0);
  });

  test("without a socket, a lost answer is a network error after the request was carried out", async () => {
    const { faults, send, graph } = faultyServices();
    faults.add({ target: "graph", effect: { acceptThenLose: "reset" } });
    expect((await send()).type).toBe("error");
    expect(graph.accepted.count).toBe(1);
    const [entry] = graph.log.entries();
    expect(entry?.wamid).toBeDefined();
    expect(entry).not.toHaveProperty("status");
  });

  test("a request whose answer is delayed is carried out at once", async () => {
    const { faults, send, graph, reset } = faultyServices();
    faults.add({ target: "graph", effect: { acceptThenDelayMs: 600_000 } });
    const response = send();
    await expect.poll(() => graph.accepted.count).toBe(1);
    expect(graph.log.entries()[0]).not.toHaveProperty("endedAt");
    reset();
    expect((await response).type).toBe("error");
  });

  test("a delayed answer is that of the request", async () => {
    const { faults, send, graph } = faultyServices();
    faults.add({ target: "graph", effect: { acceptThenDelayMs: 20 } });
    expect((await send()).status).toBe(200);
    expect(graph.accepted.count).toBe(1);
  });

  test("without a socket, a hanging request ends at the reset", async () => {
    const { faults, send, graph, reset } = faultyServices();
    faults.add({ target: "graph", effect: { hang: true } });
    const response = send();
    await expect.poll(() => graph.log.entries()[0]?.body).toBeDefined();
    await new Promise(setImmediate);
    reset();
    expect((await response).type).toBe("error");
  });

  test("without a socket, a truncated body ends in an error", async () => {
    const { faults, send, graph } = faultyServices();
    faults.add({ target: "graph", effect: { truncate: true } });
    const response = await send();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    expect(graph.accepted.count).toBe(1);
  });
});

test.each([
  { target: "mars", effect: unavailable },
  { target: "graph", effect: {} },
  { target: "graph", effect: { status: 99 } },
  { target: "graph", effect: { hang: true, delayMs: 5 } },
  { target: "graph", effect: unavailable, trigger: { next: 0 } },
  { target: "graph", effect: unavailable, trigger: "sometimes" },
  { target: "graph", effect: unavailable, match: { from: "x" } },
  { target: "tenant", effect: { graphError: 4 } },
])("add rejects %j", (fault) => {
  const { faults } = faultyServices();
  expect(() => faults.add(fault as Fault)).toThrow();
  expect(faults.list()).toEqual([]);
});
