import { describe, expect, test } from "vitest";

import { openGraph, text } from "../../../test/graph-client.ts";
import type { ServicesOptions } from "../../sandbox/sandbox-options.ts";

const start = Date.UTC(2026, 10, 1);
const hour = 3_600_000;

describe("access tokens", () => {
  const seeded: ServicesOptions = {
    now: () => start,
    tokens: {
      EAAgood: { phoneNumberIds: ["123"] },
      EAAold: { phoneNumberIds: ["123"], expiresAt: new Date(start - 1_000) },
      EAAfresh: { phoneNumberIds: ["123"], expiresAt: new Date(start + 60_000) },
    },
    tenants: { "tenant-1": { outlets: { "outlet-1": { waba_access_token: "EAAoutlet", phone_number_id: "456" } } } },
  };

  test("one is required, but any is valid", async () => {
    const { post } = openGraph();
    expect((await post(text, { token: "anything" })).status).toBe(200);
    const { status, body } = await post(text, { token: "" });
    expect({ status, body }).toEqual({
      status: 401,
      body: {
        error: {
          message: "Invalid OAuth access token - Cannot parse access token",
          type: "OAuthException",
          code: 190,
          fbtrace_id: expect.any(String),
        },
      },
    });
  });

  test("once some are seeded, all others are unknown", async () => {
    const { post } = openGraph(seeded);
    expect((await post(text, { token: "EAAgood" })).status).toBe(200);
    expect((await post(text, { token: "EAAfresh" })).status).toBe(200);
    expect((await post(text, { token: "EAAoutlet", path: "/v25.0/456/messages" })).status).toBe(200);
    expect(await post(text, { token: "EAAother" })).toMatchObject({ status: 401, body: { error: { code: 190 } } });
  });

  test("an expired one", async () => {
    const { post } = openGraph(seeded);
    const { status, body } = await post(text, { token: "EAAold" });
    expect({ status, ...body.error }).toMatchObject({ status: 401, code: 190, error_subcode: 463 });
  });

  test("a revoked one, until the reset", async () => {
    const { post, tenants, reset } = openGraph(seeded);
    tenants().tokens.revoke("EAAgood");
    const { status, body } = await post(text, { token: "EAAgood" });
    expect({ status, ...body.error }).toMatchObject({ status: 401, code: 190, error_subcode: 467 });
    reset();
    expect((await post(text, { token: "EAAgood" })).status).toBe(200);
  });

  test("another number's", async () => {
    const { post } = openGraph(seeded);
    const { status, body } = await post(text, { token: "EAAgood", path: "/v25.0/456/messages" });
    expect(status).toBe(400);
    expect(body.error).toEqual({
      message: expect.stringContaining("Object with ID '456' does not exist"),
      type: "GraphMethodException",
      code: 100,
      error_subcode: 33,
      fbtrace_id: expect.any(String),
    });
  });

  test("after a rotation, the previous one is unknown and the next one valid", async () => {
    const { post, tenants } = openGraph(seeded);
    const path = "/v25.0/456/messages";
    tenants().setCredentials("tenant-1", "outlet-1", { waba_access_token: "EAAnext" });
    expect((await post(text, { token: "EAAoutlet", path })).status).toBe(401);
    expect((await post(text, { token: "EAAnext", path })).status).toBe(200);
  });

  test("one that two outlets share stays valid for the other when one rotates", async () => {
    const shared = (number: string) => ({ waba_access_token: "EAAshared", phone_number_id: number });
    const { post, tenants } = openGraph({ tenants: { t: { outlets: { a: shared("1"), b: shared("2") } } } });
    tenants().setCredentials("t", "a", { waba_access_token: "EAAnext" });
    expect((await post(text, { token: "EAAshared", path: "/v25.0/2/messages" })).status).toBe(200);
    expect((await post(text, { token: "EAAshared", path: "/v25.0/1/messages" })).status).toBe(400);
  });

  test("those of a seeded tenant's outlets are valid, even if the outlets are not seeded", async () => {
    const { post, tenants } = openGraph({ ...seeded, tenants: { "tenant-2": {} } });
    const credentials = tenants().credentials("tenant-2", "any-outlet");
    const path = `/v25.0/${credentials?.phone_number_id}/messages`;
    expect((await post(text, { token: credentials?.waba_access_token ?? "", path })).status).toBe(200);
  });

  test("one expires when the clock is advanced past its expiry", async () => {
    const { post, clock } = openGraph({
      now: () => start,
      tokens: { EAAtoken: { phoneNumberIds: ["123"], expiresAt: new Date(start + hour) } },
    });
    clock.advance(hour - 1);
    expect((await post(text)).status).toBe(200);
    clock.advance(1);
    expect((await post(text)).status).toBe(401);
  });
});
