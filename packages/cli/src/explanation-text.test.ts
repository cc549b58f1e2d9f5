import { describe, expect, it } from "vitest";

import { explanationText } from "./explanation-text.ts";

const record = {
  message_id: "0199aaaa-0000-7000-8000-000000000001",
  tenant_id: "t",
  outlet_id: "o",
  conversation_id: "conversation-1",
  to: "+628123456789",
  message_type: "text",
  message: "Hello",
  reference: "order-17",
  status: "sent",
  queued_at: "2026-11-23T10:00:00.000Z",
  sent_at: "2026-11-23T10:00:01.200Z",
  version: 2,
  whatsapp_message_ids: ["wamid.1"],
  attempts: [
    {
      number: 1,
      started_at: "2026-11-23T10:00:00.001Z",
      duration_ms: 87,
      outcome: "refused",
      dispatched: true,
      http_status: 500,
      code: 131016,
      details: "Service unavailable.",
      fbtrace_id: "AbC",
      class: "transient",
      decision: "repeat",
      reason: "repeated after 1 s: 131016, a WhatsApp service is unavailable; this is usually temporary.",
    },
    {
      number: 2,
      started_at: "2026-11-23T10:00:01.100Z",
      duration_ms: 100,
      outcome: "accepted",
      dispatched: true,
      http_status: 200,
      decision: "done",
      reason: "WhatsApp accepted it.",
    },
  ],
};

const resolve = `npx message-sender resolve ${record.message_id}`;

const linesOf = (value: unknown) => explanationText(value)?.split("\n") ?? [];
const nextOf = (value: unknown) => {
  const lines = linesOf(value);
  return lines.slice(lines.indexOf("Next") + 1).map((line) => line.trim());
};

describe("the explanation of a message", () => {
  it("shows the message, each attempt with its reason, and what is next", () => {
    expect(explanationText(record)).toBe(
      `Message 0199aaaa-0000-7000-8000-000000000001
  status        sent
  to            +628123456789
  type          text
  tenant        t
  outlet        o
  conversation  conversation-1
  reference     order-17
  accepted      2026-11-23T10:00:00.000Z
  sent          2026-11-23T10:00:01.200Z
  whatsapp ids  wamid.1

Attempts
  1. 2026-11-23T10:00:00.001Z  87 ms, refused, HTTP 500, code 131016, class transient
     repeated after 1 s: 131016, a WhatsApp service is unavailable; this is usually temporary.
     WhatsApp: Service unavailable.
  2. 2026-11-23T10:00:01.100Z  100 ms, accepted, HTTP 200
     WhatsApp accepted it.

Next
  Nothing to do: WhatsApp accepted it.`,
    );
  });

  it("ends a failed message with the advice and the trace id for Meta's support", () => {
    const [attempt] = record.attempts;
    const failed = {
      ...record,
      status: "failed",
      sent_at: undefined,
      failed_at: "2026-11-23T10:00:00.100Z",
      failure: { code: 131047, details: "Message failed to send.", advice: "Send a template." },
      conclusion: { as: "refused", at: "2026-11-23T10:00:00.100Z", reason: "this is final." },
      attempts: [attempt],
    };
    expect(linesOf(failed)).toContain("  failed        2026-11-23T10:00:00.100Z");
    expect(nextOf(failed)).toEqual([
      "No further attempts: refused at 2026-11-23T10:00:00.100Z.",
      "The last error: 131047, Message failed to send.",
      "Advice: Send a template.",
      `${resolve} --resend   sends it again`,
      "Trace id for Meta's support: AbC",
    ]);
  });

  it("shows the advice once", () => {
    const advice = "Send a template. The window closed.";
    const failed = { ...record, status: "failed", failure: { code: 131047, details: "Too late.", advice } };
    const reason = `not repeated: this is final. ${advice}`;
    const [attempt] = record.attempts;
    const conclusion = { as: "refused", at: "T", reason: `this is final. ${advice}` };
    for (const attempts of [[{ ...attempt, reason }], []]) {
      const explained = { ...failed, attempts, conclusion };
      expect(explanationText(explained)?.split(advice)).toHaveLength(2);
      expect(nextOf(explained)).toContain(`Advice: ${advice}`);
    }
  });

  it.each([
    [
      "waits for its turn",
      { status: "queued", attempts: [], next_attempt_at: "2026-11-23T11:00:00.000Z" },
      [
        "The next attempt is due at 2026-11-23T11:00:00.000Z. If that is past, npx message-sender queue says what its outlet waits for.",
      ],
    ],
    [
      "waits for its scheduled time",
      { status: "queued", attempts: [], next_attempt_at: "2026-11-23T11:00:00.000Z", hold_reason: "It is scheduled." },
      ["The next attempt is due at 2026-11-23T11:00:00.000Z.", "Why: It is scheduled."],
    ],
    ["is queued without a time", { status: "queued", attempts: [] }, ["It is waiting for its turn."]],
    ["is under way", { status: "sending", attempts: [] }, ["An attempt is in flight."]],
    [
      "was refused by webhook",
      { status: "failed", attempts: [] },
      ["No further attempts: WhatsApp accepted it but could not deliver it.", `${resolve} --resend   sends it again`],
    ],
    [
      "expired before its first attempt",
      { status: "expired", attempts: [], conclusion: { as: "expired", at: "T", reason: "its time is over." } },
      ["No further attempts: expired at T.", "Why: its time is over."],
    ],
    [
      "has an unknown outcome",
      { status: "unknown", attempts: [], possible_duplicate: true, conclusion: { as: "held", at: "T" } },
      [
        "No further attempts: held at T. It is unknown whether it was sent; a status webhook may still settle it.",
        "The recipient may have received it more than once.",
        `${resolve} --resend   sends it again, perhaps twice`,
        `${resolve} --abandon  ends it as failed`,
      ],
    ],
    [
      "was throttled, so that its caller can repeat it",
      { status: "failed", attempts: [], conclusion: { as: "throttled", at: "T" } },
      ["No further attempts: throttled at T."],
    ],
    [
      "was given up",
      {
        status: "failed",
        conclusion: { as: "abandoned", at: "T", reason: "it was abandoned. It may have been sent." },
        attempts: [{ number: 1, started_at: "T", outcome: "ambiguous", reason: "not repeated." }],
      },
      [
        "No further attempts: abandoned at T.",
        "Why: it was abandoned. It may have been sent.",
        `${resolve} --resend   sends it again`,
      ],
    ],
  ])("says what is next where it %s", (_, fields, next) => {
    expect(nextOf({ ...record, ...fields })).toEqual(next);
  });

  it("shows each conclusion and reopening in order of time", () => {
    const attempt = (number: number) => ({ number, started_at: `T${number}0`, outcome: "ambiguous", reason: "why." });
    const held = { as: "held", reason: "hold." };
    const told = {
      ...record,
      status: "failed",
      attempts: [attempt(1), attempt(2), attempt(3)],
      resent_at: ["T19", "T29"],
      lifted_conclusions: [
        { ...held, at: "T11", lifted_at: "T19", lifted_by: "resend" },
        { as: "cut off", at: "T31", lifted_at: "T32", lifted_by: "repeat" },
        { ...held, at: "T33", lifted_at: "T34", lifted_by: "abandon" },
      ],
      conclusion: { as: "abandoned", at: "T34", reason: "it was abandoned." },
    };
    const lines = linesOf(told);
    expect(lines.slice(lines.indexOf("Attempts") + 1, lines.indexOf("Next") - 1)).toEqual([
      "  1. T10  ambiguous",
      "     why.",
      "  -  T11  concluded as held",
      "     hold.",
      "  -  T19  resolved: resend requested",
      "  2. T20  ambiguous",
      "     why.",
      "  -  T29  resolved: resend requested",
      "  3. T30  ambiguous",
      "     why.",
      "  -  T31  concluded as cut off",
      "  -  T32  reopened by a call with the same Idempotency-Key",
      "  -  T33  concluded as held",
      "     hold.",
      "  -  T34  concluded as abandoned",
      "     it was abandoned.",
    ]);
  });

  it("shows the reason of the last conclusion once", () => {
    const attempt = { number: 1, started_at: "T1", outcome: "refused", reason: "not repeated: x; it is final." };
    const told = { ...record, status: "failed", attempts: [attempt], resent_at: ["T0"] };
    const text = explanationText({ ...told, conclusion: { as: "refused", at: "T2", reason: "it is final." } });
    expect(text).toContain("  -  T2  concluded as refused\n");
    expect(text?.split("it is final.")).toHaveLength(2);
  });

  it("says that there was no attempt, and that a request was not sent", () => {
    expect(linesOf({ ...record, attempts: [] })).toContain("No attempt was made.");
    const attempt = {
      number: 1,
      started_at: "T",
      outcome: "not_sent",
      dispatched: false,
      details: "dns",
      reason: "why",
    };
    const lines = linesOf({ ...record, attempts: [attempt] });
    expect(lines).toContain("  1. T  not sent, request not sent");
    expect(lines.join("\n")).not.toContain("WhatsApp: dns");
  });

  it("says how long an attempt waited for its turn", () => {
    const [attempt] = record.attempts;
    const lines = linesOf({ ...record, attempts: [{ ...attempt, waited_ms: 5040 }] });
    expect(lines).toContain(
      "  1. 2026-11-23T10:00:00.001Z  waited 5 s for its turn, 87 ms, refused, HTTP 500, code 131016, class transient",
    );
  });

  it("styles only the given parts", () => {
    const styled = explanationText({ ...record, status: "unknown" }, (part, text) => `<${part}>${text}</>`);
    expect(styled).toContain("<title>Message 0199aaaa-0000-7000-8000-000000000001</>");
    expect(styled).toContain("<faint>status       </> <bad>unknown</>");
    expect(explanationText(record, (part, text) => `<${part}>${text}</>`)).toContain("<good>sent</>");
  });

  it("escapes control characters of the record", () => {
    const text = explanationText({ ...record, reference: "a\u001b[31m\nb" });
    expect(text).toContain("  reference     a [31m b\n");
    expect(text).not.toContain("\u001b");
  });

  it("leaves out invalid fields, and rejects what is not a record", () => {
    const invalid = { ...record, to: 7, attempts: "none", failure: [], whatsapp_message_ids: null };
    expect(linesOf(invalid)).toContain("No attempt was made.");
    for (const value of [undefined, null, {}, [], { message_id: "m" }]) expect(explanationText(value)).toBeUndefined();
  });
});
