import { describe, expect, test } from "vitest";

import { openGraph } from "../../test/graph-client.ts";

describe("usage headers", () => {
  test("are on every answer of Graph's own, errors included, and on no proxy's", async () => {
    const { sendText, state, faults, reset } = openGraph();
    expect((await sendText()).headers.has("x-app-usage")).toBe(false);
    state().usage = { app: { call_count: 95 }, business: { call_count: 80, estimated_time_to_regain_access: 5 } };
    for (const { headers } of [await sendText(), await sendText({ type: "hologram" })]) {
      expect(JSON.parse(headers.get("x-app-usage") ?? "")).toEqual({ call_count: 95, total_cputime: 0, total_time: 0 });
      const business = JSON.parse(headers.get("x-business-use-case-usage") ?? "") as Record<string, unknown>;
      expect(Object.values(business)).toEqual([
        [{ type: "whatsapp", call_count: 80, total_cputime: 0, total_time: 0, estimated_time_to_regain_access: 5 }],
      ]);
    }
    faults.add({ target: "graph", trigger: { next: 1 }, effect: { graphError: 4 } });
    faults.add({ target: "graph", trigger: { next: 1 }, effect: { status: 502, body: "{}" } });
    expect([(await sendText()).headers.has("x-app-usage"), (await sendText()).headers.has("x-app-usage")]).toEqual([
      true,
      false,
    ]);
    reset();
    expect((await sendText()).headers.has("x-app-usage")).toBe(false);
  });

  test("can be limited to one number, under its WABA", async () => {
    const outlets = { o1: { waba_access_token: "EAAtoken", phone_number_id: "123", waba_id: "999" } };
    const { sendText, state } = openGraph({
      tenants: { t1: { outlets } },
      tokens: { EAAtoken: { phoneNumberIds: ["456"] } },
    });
    state().usage = { business: { call_count: 80 }, phoneNumberId: "123" };
    expect((await sendText()).headers.get("x-business-use-case-usage")).toMatch(/^\{"999":\[/);
    const other = await sendText({}, { number: "456" });
    expect([other.status, other.headers.has("x-business-use-case-usage")]).toEqual([200, false]);
  });
});
