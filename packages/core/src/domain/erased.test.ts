import { describe, expect, it } from "vitest";

import {
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  withIntent,
  withOutcome,
  withReport,
} from "../contracts/fixtures.ts";
import { eraseMessage } from "./erased.ts";
import type { Message } from "./message.ts";

/** An attempt of which WhatsApp said the recipient's number, before and after the next one began. */
function saidTwice(): Message {
  const failure = { class: "recipient", details: "+628111 is not on WhatsApp", advice: "Call +628111." } as const;
  const begun = withOutcome(withIntent(exampleMessage({ to: "+628111" })), exampleOutcomes.Ambiguous);
  const reported = withReport(begun, "failed", exampleTime, { number: 1, wamid: "wamid.628111", failure });
  const late = { ...exampleOutcomes.Accepted, wamid: "wamid.628111", waId: "628111" };
  return withOutcome(withIntent(reported), late, exampleTime, 1);
}

describe("what was known of an attempt earlier", () => {
  it("is erased as well, under the same names", () => {
    const message = saidTwice();
    expect(message.attempts[0]?.earlierEvidence).toMatchObject([{ reports: [{ wamid: "wamid.628111" }] }]);
    const erased = eraseMessage(message);
    expect(JSON.stringify(erased)).not.toContain("628111");
    expect(erased.attempts[0]).toMatchObject({
      ended: { outcome: { wamid: "erased-1" } },
      earlierEvidence: [{ reports: [{ wamid: "erased-1", failure: { details: "erased" } }] }],
    });
  });
});
