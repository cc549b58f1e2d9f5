import { exampleCredential } from "@message-sender/core/contracts";
import { expect, it, onTestFinished } from "vitest";

import { startHttpServer } from "../../../test/loopback.ts";
import { createGraphNumberFacts } from "./graph-number-facts.ts";

const credential = { ...exampleCredential("1"), phoneNumberId: "123" };

async function open(status: number, body: unknown) {
  const server = await startHttpServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  const facts = createGraphNumberFacts({ url: server.url });
  onTestFinished(facts.close);
  return { server, facts };
}

it("reads what Meta says about a number, with the token of its outlet", async () => {
  const { server, facts } = await open(200, {
    display_phone_number: "+1 555-0100",
    verified_name: "Lucky Shrub",
    quality_rating: "YELLOW",
    messaging_limit_tier: "TIER_1K",
    status: "CONNECTED",
    throughput: { level: "STANDARD" },
    id: "123",
  });
  expect((await facts.read(credential))._unsafeUnwrap()).toEqual({
    displayPhoneNumber: "+1 555-0100",
    verifiedName: "Lucky Shrub",
    qualityRating: "YELLOW",
    messagingLimit: "TIER_1K",
    status: "CONNECTED",
    throughput: "STANDARD",
  });
  const [{ method, url, headers } = {}] = server.requests;
  expect([method, url?.split("?")[0], headers?.authorization]).toEqual([
    "GET",
    "/v25.0/123",
    `Bearer ${credential.accessToken.reveal()}`,
  ]);
});

it.each<[number, unknown, object]>([
  [401, { error: { code: 190, message: "Session has expired" } }, { kind: "TokenRefused", code: 190 }],
  [403, { error: { code: 10, message: "No permission" } }, { kind: "TokenRefused", code: 10 }],
  [500, { error: { code: 131000, message: "Something went wrong" } }, { kind: "Unavailable" }],
  [502, "<html>", { kind: "Unavailable", reason: "WhatsApp answered 502" }],
])("says why it knows nothing after %i %o", async (status, body, error) => {
  const { facts } = await open(status, body);
  expect((await facts.read(credential))._unsafeUnwrapErr()).toMatchObject(error);
});

it("leaves out what is of no form, and asks nobody about a number elsewhere", async () => {
  const { server, facts } = await open(200, { quality_rating: 5, throughput: "high", status: "CONNECTED" });
  expect((await facts.read(credential))._unsafeUnwrap()).toEqual({ status: "CONNECTED" });
  for (const other of [{ provider: { url: "https://waba-v2.360dialog.io" } }, { phoneNumberId: "../me" }])
    expect((await facts.read({ ...credential, ...other }))._unsafeUnwrapErr()).toEqual({ kind: "NotAtMeta" });
  expect(server.requests).toHaveLength(1);
});
