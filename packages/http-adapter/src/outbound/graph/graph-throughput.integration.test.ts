import { createManualClock } from "@message-sender/core/in-memory";
import { exampleCredential } from "@message-sender/core/contracts";
import { expect, it, onTestFinished } from "vitest";

import { startHttpServer } from "../../../test/loopback.ts";
import { createGraphThroughput } from "./graph-throughput.ts";

const hour = 3_600_000;
const credential = { ...exampleCredential("1"), phoneNumberId: "123", wabaId: "90" };

async function open(answer: () => readonly [status: number, body: unknown]) {
  const server = await startHttpServer((_, response) => {
    const [status, body] = answer();
    return response.writeHead(status).end(JSON.stringify(body));
  });
  const clock = createManualClock();
  const throughput = createGraphThroughput({ url: server.url, clock, busyPerSecond: 3 });
  onTestFinished(throughput.close);
  const busy = (count = 3, phoneNumberId = "123") =>
    Array.from({ length: count }, () => throughput.throughputOf(phoneNumberId)).at(-1);
  const asked = (count: number) => expect.poll(() => server.requests.length).toBe(count);
  const known = (perSecond: number | undefined) => expect.poll(() => throughput.throughputOf("123")).toBe(perSecond);
  return { server, clock, throughput, busy, asked, known };
}

const level = (name: string) => [200, { throughput: { level: name }, id: "123" }] as const;

it("asks about a busy number, once an hour, and no send waits for it", async () => {
  let said = level("HIGH");
  const { server, clock, throughput, busy, asked, known } = await open(() => said);
  throughput.note(credential);
  expect(busy(2)).toBe(undefined);
  await clock.advance(1000);
  expect(busy(2)).toBe(undefined);
  expect(server.requests).toEqual([]);
  expect(busy()).toBe(undefined);
  await known(1000);
  expect(server.requests.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
    ["GET", "/v25.0/123?fields=throughput", `Bearer ${credential.accessToken.reveal()}`],
  ]);
  said = level("STANDARD");
  await clock.advance(hour - 1);
  busy();
  await clock.advance(1);
  expect(busy()).toBe(1000);
  await known(undefined);
  await asked(2);
});

it.each<[string, () => readonly [number, unknown]]>([
  ["a standard throughput", () => level("STANDARD")],
  ["one that does not apply", () => level("NOT_APPLICABLE")],
  ["a level that is new", () => level("__proto__")],
  ["an error", () => [400, { error: { code: 100 } }]],
  ["an answer of no form", () => [200, { throughput: 5 }]],
])("leaves a number as it is after %s", async (_, answer) => {
  const { throughput, busy, asked } = await open(answer);
  throughput.note(credential);
  busy();
  await asked(1);
  // It waits for the answer.
  await throughput.close();
  expect(busy()).toBe(undefined);
});

it("does not ask about a number whose credential says it, with another provider, or that is unknown", async () => {
  const { server, throughput, busy } = await open(() => level("HIGH"));
  throughput.note({ ...credential, throughputPerSecond: 20 });
  throughput.note({ ...credential, provider: { url: "https://waba-v2.360dialog.io" } });
  throughput.note({ ...credential, phoneNumberId: "../me" });
  expect([busy(), busy(3, "999"), busy(3, "../me")]).toEqual([undefined, undefined, undefined]);
  await throughput.close();
  expect(server.requests).toEqual([]);
});

it("keeps what it knows while Graph fails, and asks again after five minutes", async () => {
  let said: readonly [number, unknown] = level("HIGH");
  const { server, clock, throughput, busy, asked, known } = await open(() => said);
  throughput.note(credential);
  busy();
  await known(1000);
  said = [500, {}];
  await clock.advance(hour);
  busy();
  await asked(2);
  expect(busy()).toBe(1000);
  // The failure is noted once its answer was read.
  const again = async () => {
    await clock.advance(300_000);
    expect(busy()).toBe(1000);
    return server.requests.length;
  };
  await expect.poll(again).toBe(3);
});

it("asks anew at once after an upgrade of the account's numbers", async () => {
  let said = level("STANDARD");
  const { throughput, busy, asked, known } = await open(() => said);
  throughput.note(credential);
  throughput.note({ ...credential, phoneNumberId: "456", wabaId: "91" });
  busy();
  await asked(1);
  said = level("HIGH");
  throughput.refresh("91");
  throughput.refresh("90");
  await known(1000);
  await asked(2);
});
