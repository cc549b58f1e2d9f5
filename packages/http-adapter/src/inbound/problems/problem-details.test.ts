import type { Message } from "@message-sender/core";
import { type Conclusion, type Outcome, answerOf } from "@message-sender/core/adapter";
import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome } from "@message-sender/core/contracts";
import { describe, expect, it } from "vitest";

import { problemOf } from "./problem-details.ts";

type Ended = Conclusion["as"];

const success: Outcome = { kind: "Ambiguous", sawSuccess: true, cause: "HTTP 200 without a message id" };
const final: Outcome = { ...exampleOutcomes.Refused, final: true };

const maybe: Outcome = { ...exampleOutcomes.Refused, final: false, maybeProcessed: true };
const mayFollow =
  "WhatsApp answered with an error that sometimes follows a successful send, so the message may have been sent.";

/** The problem of a call whose message has this conclusion. */
function detailOf(as: Ended, outcomes: readonly Outcome[]): string | undefined {
  const tried = outcomes.reduce<Message>(
    (before, outcome) => withOutcome(withIntent(before), outcome),
    exampleMessage(),
  );
  const error = answerOf({ ...tried, conclusion: { as, at: exampleTime } })._unsafeUnwrapErr();
  if (error.kind === "Queued" || error.kind === "InProgress") throw new Error("It is not over.");
  return problemOf({ ...error, replayed: false } as Parameters<typeof problemOf>[0], exampleTime).detail;
}

const tells =
  "If this server receives webhooks, its status may later show whether it was sent. Otherwise resolve it: resend or abandon it.";

describe("a message that may have been sent", () => {
  it.each<[string, Ended, readonly Outcome[], string]>([
    [
      "without an answer",
      "held",
      [exampleOutcomes.Ambiguous],
      `An attempt ended without a readable answer, so the message may have been sent. ${tells}`,
    ],
    [
      "with a success that cannot be read",
      "held",
      [success],
      `WhatsApp answered an attempt with success, so the message was almost certainly sent. ${tells}`,
    ],
    [
      "without an answer, and was refused at last",
      "refused",
      [exampleOutcomes.Ambiguous, final],
      "WhatsApp rejected the last attempt. An attempt ended without a readable answer, so the message may have been sent.",
    ],
    [
      "with a success, and was refused at last",
      "refused",
      [success, final],
      "WhatsApp rejected the last attempt. WhatsApp answered an attempt with success, so the message was almost certainly sent.",
    ],
    [
      "without an answer, to the end",
      "exhausted",
      [exampleOutcomes.Ambiguous],
      "No further attempt will be made. An attempt ended without a readable answer, so the message may have been sent.",
    ],
    [
      "with errors that sometimes follow a send that went through",
      "exhausted",
      Array.from({ length: 4 }, () => maybe),
      `No further attempt will be made. ${mayFollow}`,
    ],
    [
      "with such an error, and was refused at last",
      "refused",
      [maybe, final],
      `WhatsApp rejected the last attempt. ${mayFollow}`,
    ],
    [
      "with such an error, when the service was shut down",
      "interrupted",
      [maybe],
      `The service is shutting down. ${mayFollow} Repeating the request may send it twice.`,
    ],
    [
      "with such an error, and was throttled",
      "throttled",
      [maybe],
      `The limit will not clear before this request's deadline: WhatsApp is throttling. ${mayFollow}`,
    ],
  ])("gets a detail about its doubt: %s", (_, as, outcomes, detail) => {
    expect(detailOf(as, outcomes)).toBe(detail);
  });
});

describe("a message whose attempts were all answered or never dispatched", () => {
  it("was not sent", () => {
    expect(detailOf("exhausted", [exampleOutcomes.NotSent])).toBe("Every attempt failed. The message was not sent.");
  });
});

describe("an orphaned message that a repeat of its key cannot resume", () => {
  const cutOff: Message = {
    ...withOutcome(withIntent(exampleMessage()), exampleOutcomes.Ambiguous),
    conclusion: { as: "cut off", at: exampleTime },
  };
  const known = { messageId: cutOff.id, messageStatus: "unknown", attempts: 1 };
  const retryAt = new Date(exampleTime.getTime() + 7000);

  it.each<[Parameters<typeof problemOf>[0], number, string, number | undefined]>([
    [{ kind: "Unavailable", reason: "down", message: cutOff }, 503, "a required service is unavailable", 5],
    [{ kind: "OutletUnknown", message: cutOff }, 404, "there is no such tenant or outlet", undefined],
    [{ kind: "NoOtherCredential", message: cutOff }, 502, "WhatsApp rejects the outlet's credentials", undefined],
    [
      { kind: "RateLimited", cause: "outage", reason: "WhatsApp is failing", retryAt, message: cutOff },
      503,
      "WhatsApp is failing",
      7,
    ],
  ])("%o", (error, status, because, retryAfterSeconds) => {
    const problem = problemOf(error, exampleTime);
    expect(problem).toMatchObject({ ...known, status });
    expect(problem.detail).toBe(
      `This request sent nothing, because ${because}. An attempt ended without a readable answer, so the message may have been sent.`,
    );
    expect(problem.retryAfterSeconds).toBe(retryAfterSeconds);
  });
});

describe("an error of a caller's port that is an `Error`", () => {
  it.each([
    ["Unavailable", 503],
    ["OutletUnknown", 404],
    ["NoOtherCredential", 502],
  ])("%s is the problem of its kind: its message is a text, and no stored message", (kind, status) => {
    const error = Object.assign(new Error("the port failed"), { kind, reason: "down" });
    const problem = problemOf(error as unknown as Parameters<typeof problemOf>[0], exampleTime);
    expect(problem.status).toBe(status);
    expect(problem.messageId).toBeUndefined();
  });
});
