import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parseUsage } from "./graph-usage.ts";

const parse = (app: unknown, business?: unknown) =>
  parseUsage({
    ...(app !== undefined && { "x-app-usage": JSON.stringify(app) }),
    ...(business !== undefined && { "x-business-use-case-usage": JSON.stringify(business) }),
  });

describe("the usage headers", () => {
  it("say nothing where there are none", () => {
    expect(parseUsage({ "content-type": "application/json" })).toBeUndefined();
  });

  it("say how much of the app's limit is used up: the largest of the three", () => {
    expect(parse({ call_count: 28, total_time: 25, total_cputime: 31 })).toEqual([{ scope: "app", percent: 31 }]);
    expect(parse({ call_count: 99 })).toEqual([{ scope: "app", percent: 99 }]);
  });

  it("say it of each WhatsApp account, and for how many minutes nothing more is taken", () => {
    const useCase = { call_count: 100, total_cputime: 25, total_time: 25 };
    const business = {
      "102290129340398": [
        { type: "whatsapp", ...useCase, estimated_time_to_regain_access: 19 },
        { type: "ads_management", ...useCase, estimated_time_to_regain_access: 60 },
      ],
      "66782684": [
        { type: "whatsapp_business_management", ...useCase, call_count: 7, estimated_time_to_regain_access: 0 },
      ],
    };
    // A number that is an index comes first in an object.
    expect(parse(undefined, business)).toEqual([
      { scope: "account", percent: 25 },
      { scope: "account", percent: 100, regainAfterMs: 1_140_000 },
    ]);
  });

  it("do no harm, whatever they are", () => {
    const long = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`b${index}`, [{ type: "whatsapp" }]]));
    expect(parse(undefined, long)).toHaveLength(32);
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
        const usage = parseUsage({ "x-app-usage": app as string, "x-business-use-case-usage": business as string });
        for (const { percent } of usage ?? []) expect(percent).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
