import { describe, expect, it } from "vitest";

import { type Answer, expectProblem, order, useAbusedServer } from "./abused-server.ts";
import { answerOf, dripping, endless, type FakeService, startFakeService } from "./fake-service.ts";
import { titleOf } from "./rows.ts";

const right = { waba_access_token: "EAAabused1", phone_number_id: "106540352242921" };
const html = "<!doctype html><title>Sorry</title>";
const elsewhere = await startFakeService(answerOf(200, right));
const service = await startFakeService(usual);
const server = useAbusedServer({ TENANT_SERVICE_URL: service.url });

type Respond = Parameters<FakeService["respondWith"]>[0];

function usual(...[outgoing, incoming]: Parameters<Respond>): void {
  const { url = "" } = incoming;
  if (url.endsWith("/waba")) return answerOf(200, right)(outgoing, incoming);
  if (url.endsWith("/settle")) return answerOf(204, "")(outgoing, incoming);
  const expires_at = new Date(Date.now() + 60_000).toISOString();
  answerOf(201, { reservation_id: crypto.randomUUID(), granted: 1, expires_at })(outgoing, incoming);
}

let tenants = 0;

/** Sends for a new tenant, with these answers to requests whose path ends so. Afterwards the service is itself again. */
async function sendWith(end: string, respond: Respond): Promise<Answer> {
  tenants += 1;
  const message = { ...order, tenant_id: `tenant-${tenants}` };
  const before = server.sandbox.graph.requestCount;
  service.respondWith((outgoing, incoming) => (incoming.url?.endsWith(end) ? respond : usual)(outgoing, incoming));
  const answer = await server.send(message);
  expectProblem(answer);
  expect(answer.json["message_id"]).toBeUndefined();
  expect(server.sandbox.graph.requestCount).toBe(before);
  expect(elsewhere.requests).toEqual([]);
  expect(answer.text + server.printed()).not.toMatch(/EAA|\.\.\/me|doctype|X-Injected/);
  service.respondWith(usual);
  expect((await server.send(message)).status, "nothing is remembered").toBe(200);
  return answer;
}

const credentials: Readonly<Record<string, unknown>> = {
  "a path as number": { ...right, phone_number_id: "../../me?x=" },
  "a path as number, encoded": { ...right, phone_number_id: "..%2f..%2fme" },
  "a number with a slash": { ...right, phone_number_id: "1/2" },
  "a number with a query": { ...right, phone_number_id: "1?access_token=x" },
  "a number with a fragment": { ...right, phone_number_id: "1#x" },
  "a number with CR LF": { ...right, phone_number_id: "1\r\nX-Injected: 1" },
  "another host as number": { ...right, phone_number_id: "@example.com" },
  "an empty number": { ...right, phone_number_id: "" },
  "a number of 33 digits": { ...right, phone_number_id: "1".repeat(33) },
  "a number in full-width digits": { ...right, phone_number_id: "１２３" },
  "a number that is an object": { ...right, phone_number_id: { id: "1" } },
  "no number": { waba_access_token: right.waba_access_token },
  "a token with CR LF": { ...right, waba_access_token: "EAAabused1\r\nX-Injected: 1" },
  "a token with a newline at its end": { ...right, waba_access_token: "EAAabused1\n" },
  "a token with a space": { ...right, waba_access_token: "EAAabused1 EAAabused2" },
  "a token with NUL": { ...right, waba_access_token: "EAAabused1\u0000" },
  "a token beyond ASCII": { ...right, waba_access_token: "EAAabusedé" },
  "an empty token": { ...right, waba_access_token: "" },
  "a token of 5,000 characters": { ...right, waba_access_token: `EAA${"a".repeat(5000)}` },
  "a token that is a list": { ...right, waba_access_token: ["EAAabused1"] },
  "no token": { phone_number_id: right.phone_number_id },
  "an empty object": {},
  "a list": [right],
  null: "null",
  nothing: "",
  HTML: html,
  "half of it": JSON.stringify(right).slice(0, -5),
  "bytes that are not UTF-8": Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
};

describe(titleOf("Tenant Service: odd answers"), () => {
  it.each(Object.entries(credentials))("credentials: %s", async (_, body) => {
    const { status, json } = await sendWith("/waba", answerOf(200, body));
    expect([status, json["type"]]).toEqual([503, "/problems/unavailable"]);
  });

  it.each([201, 204, 301, 302, 307, 400, 401, 403, 409, 418, 429, 500, 502, 503])(
    "credentials with %i",
    async (code) => {
      const headers = code === 204 ? {} : { location: `${elsewhere.url}/waba` };
      const { status, json } = await sendWith("/waba", answerOf(code, code === 204 ? "" : html, headers));
      expect([status, json["type"]]).toEqual([503, "/problems/unavailable"]);
    },
  );

  it("credentials of 50 MB", async () => {
    let sent = Number.NaN;
    const { status } = await sendWith(
      "/waba",
      endless(200, "{", (megabytes) => (sent = megabytes)),
    );
    expect(status).toBe(503);
    await expect.poll(() => sent).toBeLessThan(50);
  });

  it("credentials that drip", async () => {
    expect((await sendWith("/waba", dripping(200, "{"))).status).toBe(503);
  });

  const granted = (changes: object) => ({
    reservation_id: "reservation-1",
    granted: 5,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
    ...changes,
  });

  it.each([
    ["HTML", html],
    ["an empty object", {}],
    ["null", "null"],
    ["a negative grant", granted({ granted: -1 })],
    ["a grant of a half", granted({ granted: 0.5 })],
    ["a grant that is a text", granted({ granted: "5" })],
    ["a grant beyond whole numbers", JSON.stringify(granted({})).replace('"granted":5', '"granted":9007199254740993')],
    ["an infinite grant", JSON.stringify(granted({})).replace('"granted":5', '"granted":1e999')],
    ["no grant", granted({ granted: undefined })],
    ["no id", granted({ reservation_id: undefined })],
    ["an empty id", granted({ reservation_id: "" })],
    ["an id that is an object", granted({ reservation_id: {} })],
  ])("a reservation: %s", async (_, body) => {
    const { status, json } = await sendWith("/reservations", answerOf(201, body));
    expect([status, json["type"]]).toEqual([503, "/problems/unavailable"]);
  });

  it("an id of a reservation that is a path stays one segment of ours", async () => {
    const tenant_id = "tenant-with-a-path";
    service.respondWith((outgoing, incoming) =>
      incoming.url?.endsWith("/reservations")
        ? answerOf(201, granted({ reservation_id: "../../../admin?x=", granted: 1 }))(outgoing, incoming)
        : usual(outgoing, incoming),
    );
    const answer = await server.send({ ...order, tenant_id });
    expect(answer.status).toBeLessThan(504);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(service.requests.filter((request) => request.includes("admin") && !request.includes("%2F"))).toEqual([]);
    service.respondWith(usual);
  });
});
