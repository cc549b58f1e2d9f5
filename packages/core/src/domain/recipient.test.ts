import { describe, expect, it } from "vitest";

import { advise, hasStoppedMarketing, type Recipient, clampToNow, withRecipientFact } from "./recipient.ts";

const at = (text: string) => new Date(`2026-11-${text}Z`);
const wroteAt = at("20T10:00:00");
const windowFailure = { class: "recipient", details: "x", advice: "Send a template.", concerns: "window" } as const;
const optOutFailure = {
  ...windowFailure,
  advice: "Do not send this recipient marketing.",
  concerns: "opt-out",
} as const;
const nobody =
  "No message from this recipient has been received under this number or id; WhatsApp may know them by another.";
const [early, late] = [at("18T00:00:00"), at("19T00:00:00")];

describe("advice", () => {
  it.each<[string, Recipient, Date, string]>([
    [
      "when the window closed",
      { wroteAt },
      at("21T10:00:00"),
      "This recipient last wrote at 2026-11-20T10:00:00Z, so the window closed at 2026-11-21T10:00:00Z.",
    ],
    [
      "that WhatsApp says otherwise, where it is open by what is known",
      { wroteAt },
      at("21T09:59:59"),
      "WhatsApp says that it is closed, but according to the webhooks received it is open until 2026-11-21T10:00:00Z, since this recipient last wrote at 2026-11-20T10:00:00Z. WhatsApp decides.",
    ],
    ["that they never wrote, as far as is known", { stoppedMarketingAt: early }, late, nobody],
  ])("on the window says %s", (_, recipient, failedAt, said) => {
    expect(advise(windowFailure, recipient, failedAt)).toEqual({
      ...windowFailure,
      advice: `Send a template. ${said}`,
    });
  });

  it.each<[string, Recipient, string]>([
    ["when they stopped marketing", { stoppedMarketingAt: late }, " They stopped it at 2026-11-19T00:00:00Z."],
    [
      "that they stopped it again",
      { stoppedMarketingAt: late, resumedMarketingAt: early },
      " They stopped it at 2026-11-19T00:00:00Z.",
    ],
    [
      "that WhatsApp says otherwise, where they last allowed it",
      { stoppedMarketingAt: early, resumedMarketingAt: late },
      " WhatsApp says that they stopped it, but according to the webhooks received they last allowed it at 2026-11-19T00:00:00Z.",
    ],
    ["nothing where nothing is known of it", { wroteAt }, ""],
  ])("on the opt-out says %s", (_, recipient, said) => {
    expect(advise(optOutFailure, recipient, late).advice).toBe(`Do not send this recipient marketing.${said}`);
  });

  it("stays unchanged if no fact about the recipient explains the failure", () => {
    const { concerns: _, ...other } = windowFailure;
    expect(advise(other, { wroteAt, stoppedMarketingAt: early }, late)).toBe(other);
  });

  it("is what is known, if there was no advice", () => {
    const { advice: _, ...bare } = windowFailure;
    expect(advise(bare, {}, late).advice).toBe(nobody);
  });
});

describe("what is known about a recipient", () => {
  const fact = { phoneNumberId: "1", recipient: "+628123456789" };

  it("is the latest of each kind", () => {
    const known = withRecipientFact({ wroteAt: late }, { ...fact, kind: "StoppedMarketing", at: early });
    expect(known).toEqual({ wroteAt: late, stoppedMarketingAt: early });
    expect(withRecipientFact(known, { ...fact, kind: "Wrote", at: early })).toBe(known);
    expect(withRecipientFact(known, { ...fact, kind: "StoppedMarketing", at: late })).toEqual({
      wroteAt: late,
      stoppedMarketingAt: late,
    });
  });

  it("is never later than when it was reported", () => {
    const wrote = { ...fact, kind: "Wrote", at: late } as const;
    expect(clampToNow(early, wrote)).toEqual({ ...wrote, at: early });
    expect(clampToNow(late, wrote)).toBe(wrote);
  });

  it.each([
    [{}, false],
    [{ resumedMarketingAt: late }, false],
    [{ stoppedMarketingAt: early }, true],
    [{ stoppedMarketingAt: early, resumedMarketingAt: late }, false],
    [{ stoppedMarketingAt: late, resumedMarketingAt: late }, true],
  ])("tells whether they stopped marketing: %o", (recipient, hasStopped) => {
    expect(hasStoppedMarketing(recipient)).toBe(hasStopped);
  });
});
