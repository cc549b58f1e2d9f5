import { describe, expect, it } from "vitest";

import { exampleMessage, exampleOutcomes, withIntent, withOutcome } from "../contracts/fixtures.ts";
import { earlierConclusions } from "./explain/earlier-conclusions.ts";
import { explain, explainConclusion } from "./explain/explanation.ts";
import { holdRestored } from "./hold-restored.ts";
import { requeue } from "./message-changes.ts";
import { queueDueAt } from "./next-step.ts";
import { holdsQuotaUnit, isFinished, statusOf } from "./status.ts";

const at = new Date("2026-01-01T00:00:00Z");

describe("a message that was restored from a backup", () => {
  it.each([
    ["queued", exampleMessage({ mode: "queued" })],
    [
      "queued, after a transient refusal",
      withOutcome(withIntent(exampleMessage({ mode: "queued" })), exampleOutcomes.Throttled),
    ],
    ["queued, in flight", withIntent(exampleMessage({ mode: "queued" }))],
    ["waiting, before its first attempt", exampleMessage()],
    ["waiting, between attempts", withOutcome(withIntent(exampleMessage()), exampleOutcomes.NotSent)],
    ["waiting, in flight", withIntent(exampleMessage())],
  ])("%s: is unknown, keeps its key and its unit, and nothing sends it", (_, before) => {
    const message = { ...before, idempotencyKey: { key: "k", fingerprint: "f" } };
    const held = holdRestored(message, at);
    expect([statusOf(held), isFinished(held), holdsQuotaUnit(held)]).toEqual(["unknown", true, true]);
    expect(queueDueAt(held, at)).toBeUndefined();
    expect(held.idempotencyKey).toEqual(message.idempotencyKey);
    expect([held.revision, held.attempts.at(-1)?.ended?.outcome.kind]).toEqual([message.revision + 1, "Ambiguous"]);
    expect(held.conclusion?.as).toBe(
      before.mode === "waiting" && !before.attempts[0]?.ended && before.attempts[0] ? "cut off" : "held",
    );
  });

  it("says so as the reason, whatever the policy, and not that an attempt was repeated", () => {
    const tried = withOutcome(withIntent(exampleMessage({ mode: "queued" })), exampleOutcomes.NotSent);
    const held = holdRestored(tried, at);
    const reasons = held.attempts.map((attempt) => explain(held, attempt));
    const restored = "it was restored from a backup, after which it may have been sent.";
    expect(reasons).toMatchObject([
      { decision: "stop", reason: `not repeated: the request was not sent (ECONNREFUSED); ${restored}` },
      { decision: "stop", reason: expect.stringContaining(`; ${restored} An attempt ended without a readable answer`) },
    ]);
    expect(explainConclusion(held)).toContain(restored);
    const lost = holdRestored(withIntent(exampleMessage({ mode: "queued" })), at);
    expect([lost.attempts.length, explainConclusion(lost)]).toEqual([1, explainConclusion(held)]);
    const resent = withIntent(requeue(held, at, at));
    expect(resent.attempts.map((attempt) => explain(resent, attempt).decision)).toEqual(["stop", "repeat", "pending"]);
    expect(earlierConclusions(resent)).toMatchObject([{ as: "held", reason: restored }]);
  });

  it("is left as it is if it was finished", () => {
    const sent = withOutcome(withIntent(exampleMessage()), exampleOutcomes.Accepted);
    expect(holdRestored(sent, at)).toBe(sent);
  });
});
