import { createMessageSender, text } from "@message-sender/core";
import { describeQuotaContract } from "@message-sender/core/contracts";
import { createTestPorts, createManualClock } from "@message-sender/core/in-memory";
import { describe, expect, it } from "vitest";

import { createPlanQuota } from "./plan-quota.ts";

// The published suite: what every quota promises, shown on this one.
describeQuotaContract({
  name: "plan quota",
  setup: () => {
    const clock = createManualClock();
    const plans = new Map<string, number>();
    return {
      quota: createPlanQuota({ clock, perDay: (tenantId) => plans.get(tenantId) }),
      clock,
      advance: clock.advance,
      setLimit: (tenantId, limit) => void plans.set(tenantId, limit),
      goAway: () => {},
    };
  },
  skip: [
    {
      reason: "it is in this process, so it is always there",
      tests: [
        "Where the quota cannot be reached the answer is `Unavailable`",
        "Where a settlement did not arrive the answer is `Unavailable`",
      ],
    },
  ],
});

describe("a sender with a plan quota", () => {
  it("sends what the plan allows, and again on the next day", async () => {
    const ports = createTestPorts();
    const sender = createMessageSender({ ...ports, quota: createPlanQuota({ ...ports, perDay: () => 2 }) });
    const send = () =>
      sender.send({
        tenantId: "acme",
        outletId: "jakarta-1",
        conversationId: "budi",
        to: "+628123456789",
        content: text("Hello!"),
      });
    expect((await Promise.all([send(), send(), send()])).filter((sent) => sent.isOk())).toHaveLength(2);
    expect((await send())._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    await ports.clock.advance(86_400_000);
    expect((await send()).isOk()).toBe(true);
  });
});
