import { exampleOutcomes } from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { createTestApp, order } from "../../../test/app.ts";

const path = "/api/v1/messages/read";
const { tenant_id, outlet_id } = order;
const receipt = { tenant_id, outlet_id, whatsapp_message_id: "wamid.HBgN" };

describe("POST /api/v1/messages/read", () => {
  it("marks a message as read, with and without a typing indicator", async () => {
    const { post, ports } = createTestApp();
    for (const typing of [undefined, true, false]) {
      const answer = await post(JSON.stringify({ ...receipt, typing }), {}, path);
      expect(answer).toMatchObject({ status: 200, json: { success: true } });
    }
    expect(ports.readReceipts.receipts.map(({ typing }) => typing)).toEqual([false, true, false]);
    expect(ports.readReceipts.receipts[0]?.whatsappMessageId).toBe("wamid.HBgN");
  });

  it.each([
    [{ ...receipt, tenant_id: "a/b" }, "/tenant_id"],
    [{ ...receipt, whatsapp_message_id: undefined }, "/whatsapp_message_id"],
    [{ ...receipt, whatsapp_message_id: "two words" }, "/whatsapp_message_id"],
    [{ ...receipt, whatsapp_message_id: "w".repeat(513) }, "/whatsapp_message_id"],
    [{ ...receipt, typing: "yes" }, "/typing"],
    [{ ...receipt, status: "read" }, "/status"],
    [[receipt], ""],
  ])("answers 400 to %j", async (body, pointer) => {
    const { post, ports } = createTestApp();
    const answer = await post(JSON.stringify(body), {}, path);
    expect(answer).toMatchObject({
      status: 400,
      json: { type: "/problems/invalid-request", errors: [{ pointer }] },
    });
    expect(ports.readReceipts.receipts).toEqual([]);
  });

  it("reports all errors at once", async () => {
    const { post } = createTestApp();
    const { json } = await post(JSON.stringify({ tenant_id: 1, status: "read", typing: "yes", why: 2 }), {}, path);
    expect((json["errors"] as { pointer: string }[]).map(({ pointer }) => pointer)).toEqual([
      "/tenant_id",
      "/outlet_id",
      "/whatsapp_message_id",
      "/typing",
      "/status",
      "/why",
    ]);
  });

  it("accepts any identifier, and treats a null typing as absent", async () => {
    const { post, ports } = createTestApp();
    const body = { ...receipt, tenant_id: "Toko_1", outlet_id: "~outlet.2", typing: null };
    expect((await post(JSON.stringify(body), {}, path)).status).toBe(200);
    expect(ports.readReceipts.receipts).toMatchObject([{ typing: false }]);
  });

  it.each([
    [exampleOutcomes.Refused, { final: true }, 422, "message-rejected"],
    [
      exampleOutcomes.Refused,
      { final: true, failure: { class: "permission", details: "" } },
      502,
      "credentials-rejected",
    ],
    [exampleOutcomes.CredentialRefused, {}, 502, "credentials-rejected"],
    [exampleOutcomes.Throttled, { retryAfterMs: 90_000 }, 429, "rate-limited"],
  ] as const)("answers to %o with %o like for a send", async (outcome, changes, status, type) => {
    const { post, ports } = createTestApp();
    ports.readReceipts.answerWith({ ...outcome, ...changes } as typeof outcome);
    const answer = await post(JSON.stringify(receipt), {}, path);
    expect(answer).toMatchObject({ status, json: { type: `/problems/${type}` } });
    if (status === 429) expect(answer.headers.get("retry-after")).toBe("90");
    if (status === 422) expect(answer.json["whatsapp_error"]).toMatchObject({ code: 131026 });
  });

  it("answers 500 when the schedule is exhausted, and logs the reason", async () => {
    const { post, ports, lines } = createTestApp();
    ports.readReceipts.answerWith(...Array.from({ length: 4 }, () => exampleOutcomes.NotSent));
    const answer = await ports.clock.runUntil(post(JSON.stringify(receipt), {}, path));
    expect(answer).toMatchObject({
      status: 500,
      json: {
        type: "/problems/delivery-failed",
        title: "The request to WhatsApp failed",
        detail: expect.stringContaining("ECONNREFUSED"),
        retry_after_seconds: 5,
      },
    });
    expect(lines.filter(({ level }) => level === "error")).toMatchObject([{ fields: { reason: "ECONNREFUSED" } }]);
  });

  it("answers 504 without an answer from WhatsApp, and logs the reason", async () => {
    const { post, ports, lines } = createTestApp();
    ports.readReceipts.answerWith(...Array.from({ length: 4 }, () => exampleOutcomes.Ambiguous));
    const answer = await ports.clock.runUntil(post(JSON.stringify(receipt), {}, path));
    expect(answer).toMatchObject({
      status: 504,
      json: { type: "/problems/outcome-unknown", detail: expect.stringContaining("ECONNRESET") },
    });
    expect(answer.headers.get("retry-after")).toBeNull();
    expect(lines.filter(({ level }) => level === "error")).toMatchObject([
      {
        fields: { http_status: 504, problem: "outcome-unknown", reason: "ECONNRESET" },
        message: "request",
      },
    ]);
  });

  it("answers 404 to an unknown outlet, and 405 to other methods", async () => {
    const { app, post, ports } = createTestApp();
    ports.credentials.remove({ tenantId: tenant_id, outletId: outlet_id });
    expect((await post(JSON.stringify(receipt), {}, path)).status).toBe(404);
    const answer = await app.request(path);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  });
});
