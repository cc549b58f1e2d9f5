import { describe, expect, it } from "vitest";

import { answering, doctor, findingsOf, listen, problemsOf, tenantsFile, waba } from "../../support/doctor.ts";

describe("services of another form, whose wrong field is named:", () => {
  const asked = ["--tenant", "t", "--outlet", "o"];

  it.each([
    [{ access_token: "EAAcanary", phone_number_id: "1" }, "waba_access_token"],
    [{ waba_access_token: "EAAcanary", phone_number_id: 15 }, "phone_number_id"],
  ])("a Tenant Service that answers %j", async (body, field) => {
    const TENANT_SERVICE_URL = await listen(answering(body));
    for (const args of [[], asked]) {
      const result = await doctor({ TENANT_SERVICE_URL }, args);
      expect(result.code).toBe(1);
      expect(findingsOf(result)).toEqual([
        expect.stringMatching(
          `^failed: invalid answer: ${field} is missing or not valid → answer GET …/outlets/{outlet_id}/waba with `,
        ),
      ]);
    }
  });

  it("a quota of another form, and an unknown outlet", async () => {
    const TENANT_SERVICE_URL = await listen((request, response) =>
      request.url?.endsWith("/quota")
        ? response.end(JSON.stringify({ limit: 10, used: "3" }))
        : answering({}, 404)(request, response),
    );
    expect(problemsOf(await doctor({ TENANT_SERVICE_URL }))).toEqual([
      "invalid answer about the quota: used is missing or not valid",
    ]);
    const unknown = await listen(answering({}, 404));
    expect(problemsOf(await doctor({ TENANT_SERVICE_URL: unknown }))).toEqual([]);
    const result = await doctor({ TENANT_SERVICE_URL: unknown }, asked);
    expect(problemsOf(result)).toEqual(["it does not know the quota of tenant t"]);
  });

  it("a Conversation Service", async () => {
    const CONVERSATION_SERVICE_URL = await listen(answering({ items: [] }));
    const result = await doctor({ ...tenantsFile({ o: waba }), CONVERSATION_SERVICE_URL });
    expect(problemsOf(result)).toEqual(["invalid answer: results is missing or not valid"]);
  });

  it("services that redirect", async () => {
    const url = await listen((_, response) => response.writeHead(302, { location: "https://example.com" }).end());
    const result = await doctor({ TENANT_SERVICE_URL: url, CONVERSATION_SERVICE_URL: url });
    const finding = "failed: answered HTTP 302 → set the URL that it redirects to: redirects are not followed";
    expect(findingsOf(result)).toEqual([finding, finding]);
  });

  it("the token of the services", async () => {
    const url = await listen(answering({}, 401));
    const result = await doctor({ TENANT_SERVICE_URL: url, CONVERSATION_SERVICE_URL: url, SERVICE_TOKEN: "canary" });
    expect(problemsOf(result)).toEqual(["answered HTTP 401", "answered HTTP 401"]);
  });
});

/** A Tenant Service that is right but for one answer. */
async function tenantService(change: Readonly<Record<string, { readonly status?: number; readonly body?: unknown }>>) {
  const settled: string[] = [];
  const url = await listen((request, response) => {
    const { method, url: path = "" } = request;
    const route = path.replace("/api/v1/tenants/t/", "");
    const answers: Record<string, { readonly status?: number; readonly body?: unknown }> = {
      "outlets/o/waba": { body: waba },
      quota: { body: { limit: 10, used: 3 } },
      callbacks: { status: 404 },
      "quota/reservations": { status: 201, body: { reservation_id: "r1", granted: 1, expires_at: new Date() } },
      "quota/reservations/r1/settle": { status: 204 },
      ...change,
    };
    request.setEncoding("utf8");
    let sent = "";
    request.on("data", (piece: string) => (sent += piece));
    request.on("end", () => {
      if (method === "POST") settled.push(`${route} ${sent}`);
      const { status = 200, body } = answers[route] ?? { status: 404 };
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body === undefined ? "" : JSON.stringify(body));
    });
  });
  return { url, settled };
}

describe("a Tenant Service that is asked about a tenant:", () => {
  const asked = ["--tenant", "t", "--outlet", "o"];
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  it("reserves a unit and returns it", async () => {
    const { url, settled } = await tenantService({});
    const { code, found } = await doctor({ TENANT_SERVICE_URL: url }, asked);
    expect({ code, found }).toEqual({ code: 0, found: [] });
    expect(settled).toEqual([
      'quota/reservations {"amount":1,"ttl_seconds":60}',
      'quota/reservations/r1/settle {"used":0}',
    ]);
    const without = await tenantService({ "quota/reservations": { status: 404 } });
    expect((await doctor({ TENANT_SERVICE_URL: without.url }, asked)).code).toBe(0);
    const usedUp = await tenantService({ "quota/reservations": { status: 201, body: { granted: 0 } } });
    expect((await doctor({ TENANT_SERVICE_URL: usedUp.url }, asked)).code).toBe(0);
    const told = await tenantService({ callbacks: { body: { status_callback_url: "https://example.com", secret } } });
    expect((await doctor({ TENANT_SERVICE_URL: told.url }, asked)).code).toBe(0);
  });

  it.each([
    [
      { "quota/reservations": { status: 201, body: { id: "r1", granted: 1 } } },
      "invalid answer about reservations: reservation_id is missing or not valid",
      "answer POST …/quota/reservations with",
    ],
    [
      { "quota/reservations": { status: 201, body: { reservation_id: "r1", granted: "1" } } },
      "invalid answer about reservations: granted is missing or not valid",
      "answer POST …/quota/reservations with",
    ],
    [
      { "quota/reservations/r1/settle": { status: 400 } },
      "a reservation cannot be settled: answered HTTP 400",
      "POST …/settle with 204",
    ],
    [
      { callbacks: { body: { url: "https://example.com", secret } } },
      undefined,
      "a body without the field means that there is no receiver",
    ],
    [
      { callbacks: { body: { status_callback_url: "ftp://example.com", secret } } },
      "invalid answer about callbacks: status_callback_url is missing or not valid",
      'answer GET …/callbacks with {"status_callback_url", "secret"',
    ],
    [
      { callbacks: { body: { status_callback_url: "https://example.com", secret: "short" } } },
      "invalid answer about callbacks: secret is missing or not valid",
      'answer GET …/callbacks with {"status_callback_url", "secret"',
    ],
    [{ callbacks: { status: 500 } }, "the receiver of callbacks is not known: answered HTTP 500", "check the URL"],
    [{ quota: { body: { remaining: 7 } } }, "invalid answer about the quota: limit is missing", "answer GET …/quota"],
  ])("with the answer %j", async (change, problem, advice) => {
    const { url } = await tenantService(change);
    const result = await doctor({ TENANT_SERVICE_URL: url }, asked);
    const expected = problem === undefined ? [] : [expect.stringContaining(problem)];
    expect(problemsOf(result)).toEqual(expected);
    if (problem !== undefined) expect(findingsOf(result)[0]).toContain(advice);
  });
});

it("a run has an end, whatever does not answer: what is not finished is said", async () => {
  const GRAPH_API_URL = await listen(() => undefined);
  const result = await doctor({ ...tenantsFile({ o: waba }), GRAPH_API_URL }, ["--timeout", "1"]);
  expect(result.code).toBe(1);
  expect(findingsOf(result)).toContain(
    "failed: not finished within 1 s → repeat it with a longer --timeout, and see why the other side is slow",
  );
  expect(result.found.map(({ name }) => name)).toContain("outlet o of tenant t, number 111");
});
