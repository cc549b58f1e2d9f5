import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseUsage } from "./graph-usage.ts";

const parse = (app: unknown, business?: unknown, wabaId?: string) =>
  parseUsage(
    {
      ...(app !== undefined && { "x-app-usage": JSON.stringify(app) }),
      ...(business !== undefined && { "x-business-use-case-usage": JSON.stringify(business) }),
    },
    wabaId,
  );

describe("the usage headers", () => {
  it("report nothing if absent", () => {
    expect(parseUsage({ "content-type": "application/json" }, "1")).toBeUndefined();
  });

  it("report the app's usage: the largest of three values", () => {
    expect(parse({ call_count: 28, total_time: 25, total_cputime: 31 })).toEqual([{ scope: "app", percent: 31 }]);
    expect(parse({ call_count: 99 })).toEqual([{ scope: "app", percent: 99 }]);
  });

  describe("of accounts", () => {
    const own = "102290129340398";
    const other = "66782684";
    const full = { call_count: 100, total_cputime: 25, total_time: 25, estimated_time_to_regain_access: 59 };
    const some = { call_count: 7, total_cputime: 3, total_time: 1, estimated_time_to_regain_access: 0 };
    const held = [{ scope: "account", percent: 100, regainAfterMs: 3_540_000 }];
    const free = [{ scope: "account", percent: 7 }];

    it.each([
      ["the sender's own", { [own]: [{ type: "whatsapp", ...full }] }, held],
      [
        "what else limits its account",
        {
          [own]: [
            { type: "whatsapp_business_management", ...full },
            { type: "whatsapp", ...some },
            { type: "ads_management", ...full },
          ],
        },
        free,
      ],
      ["the limit of managing it alone", { [own]: [{ type: "whatsapp_business_management", ...full }] }, undefined],
      ["an unknown type", { [own]: [{ type: "whatsapp_calls", ...full }] }, undefined],
      ["another account", { [other]: [{ type: "whatsapp", ...full }] }, undefined],
      ["two accounts", { [other]: [{ type: "whatsapp", ...full }], [own]: [{ type: "whatsapp", ...some }] }, free],
    ])("report what limits the sender: %s", (_, business, usage) => {
      expect(parse(undefined, business, own)).toEqual(usage);
    });

    it.each([
      ["the only one", { [other]: [{ type: "whatsapp", ...full }] }, held],
      [
        "the only one of WhatsApp's",
        { [own]: [{ type: "ads_management", ...full }], [other]: [{ type: "whatsapp", ...some }] },
        free,
      ],
      ["two", { [own]: [{ type: "whatsapp", ...full }], [other]: [{ type: "whatsapp", ...some }] }, undefined],
      ["the limit of managing one", { [own]: [{ type: "whatsapp_business_management", ...full }] }, undefined],
    ])("if the sender's account is unknown: %s", (_, business, usage) => {
      expect(parse(undefined, business)).toEqual(usage);
    });
  });

  it("never throw, whatever they contain", () => {
    const long = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`b${index}`, [{ type: "whatsapp" }]]));
    expect(parse(undefined, long)).toBeUndefined();
    expect(parse(undefined, long, "b99")).toEqual([{ scope: "account", percent: 0 }]);
    expect(parse(undefined, { a: Array.from({ length: 100 }, () => ({ type: "whatsapp" })) }, "a")).toHaveLength(32);
    for (const odd of [null, [], 5, "x", { a: 5 }, { a: [5, null, { type: 5 }] }, { a: [{ type: "other" }] }]) {
      expect(parse(undefined, odd)).toBeUndefined();
    }
    const negative = { type: "whatsapp", call_count: -5, total_time: "9", estimated_time_to_regain_access: -1 };
    expect(parse({ call_count: 1e308 }, { a: [negative] })).toEqual([
      { scope: "app", percent: 1000 },
      { scope: "account", percent: 0 },
    ]);
    const header = fc.oneof(fc.string(), fc.json(), fc.array(fc.string()));
    fc.assert(
      fc.property(header, header, (app, business) => {
        const usage = parseUsage(
          { "x-app-usage": app as string, "x-business-use-case-usage": business as string },
          undefined,
        );
        for (const { percent } of usage ?? []) expect(percent).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
