import type { Usage } from "@message-sender/core";
import { expect, it } from "vitest";

import { limitText } from "./number-health.tsx";
import { byPricing } from "./pricing.ts";

it("adds up the days, types and statuses of each pricing category", () => {
  type UsageCount = Usage["counts"][number];
  const count = (fields: Partial<UsageCount>): UsageCount => ({
    day: "2026-01-01",
    messageType: "text",
    status: "sent",
    messages: 1,
    billable: 0,
    ...fields,
  });
  const counts = [
    count({ pricingCategory: "marketing", status: "read", messages: 3, billable: 3 }),
    count({ pricingCategory: "marketing", day: "2026-01-02", status: "delivered", messages: 2, billable: 2 }),
    count({ status: "failed", messages: 4 }),
    count({ status: "sent", messages: 5 }),
  ];
  expect(byPricing({ counts })).toEqual([
    { category: "Not priced by Meta yet", messages: 9, delivered: 0, failed: 4, billable: 0 },
    { category: "marketing", messages: 5, delivered: 5, failed: 0, billable: 5 },
  ]);
});

it.each([
  ["TIER_250", "250 customers a day"],
  ["TIER_2K", "2,000 customers a day"],
  ["TIER_UNLIMITED", "Unlimited"],
  ["TIER_NEW", "TIER_NEW"],
])("says a limit of %s in words", (messagingLimit, words) => {
  expect(limitText({ messagingLimit })).toBe(words);
  expect(limitText(undefined)).toBe("–");
});
