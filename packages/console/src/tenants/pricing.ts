import type { Usage } from "@message-sender/core";

/** The messages of one pricing category. */
export interface CategoryUsage {
  readonly category: string;
  readonly messages: number;
  readonly delivered: number;
  readonly failed: number;
  readonly billable: number;
}

const unpriced = "Not priced by Meta yet";
const delivered = new Set(["delivered", "read"]);
const failed = new Set(["failed", "expired", "canceled"]);

/** Adds up the days and types of each category, the largest first. */
export function byPricing({ counts }: Pick<Usage, "counts">): readonly CategoryUsage[] {
  const sums = new Map<string, CategoryUsage>();
  for (const { pricingCategory, status, messages, billable } of counts) {
    const category = pricingCategory?.replaceAll("_", " ") ?? unpriced;
    const sum = sums.get(category) ?? { category, messages: 0, delivered: 0, failed: 0, billable: 0 };
    sums.set(category, {
      category,
      messages: sum.messages + messages,
      delivered: sum.delivered + (delivered.has(status) ? messages : 0),
      failed: sum.failed + (failed.has(status) ? messages : 0),
      billable: sum.billable + billable,
    });
  }
  return [...sums.values()].toSorted((a, b) => b.messages - a.messages);
}
