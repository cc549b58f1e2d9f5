import { describe, expect, it } from "vitest";

import { command, lost } from "../../test/messages.ts";
import { createTestConsole } from "../../test/visit.ts";
import { stepsOf } from "./steps.ts";

/** A message whose first attempt counted as lost when it was repeated, though WhatsApp had accepted it. */
async function answeredLate() {
  const { message } = (await createTestConsole().sender.enqueue(command()))._unsafeUnwrap();
  const at = (ms: number) => new Date(message.acceptedAt.getTime() + ms);
  const ended = { at: at(87), durationMs: 87, outcome: { kind: "Accepted", wamid: "wamid.1" } } as const;
  const presumed = { at: at(41_000), durationMs: 41_000, outcome: lost };
  const first = { number: 1, startedAt: at(0), spread: 0, ended };
  const second = { number: 2, startedAt: at(51_000), spread: 0 };
  const earlierEvidence = [{ ended: presumed, attempts: 2, conclusions: 0 }];
  const before = { ...message, attempts: [{ ...first, ended: presumed }, second] };
  const after = { ...message, attempts: [{ ...first, earlierEvidence }, second] };
  return { at, before: stepsOf(before, at(52_000)), after: stepsOf(after, at(52_000)) };
}

describe("an attempt that the store may have made that was backed up", () => {
  it("is said to be none that was made", async () => {
    const { message } = (await createTestConsole().sender.enqueue(command()))._unsafeUnwrap();
    const at = message.acceptedAt;
    const ended = { at, durationMs: 0, outcome: lost };
    const steps = stepsOf(
      { ...message, attempts: [{ number: 1, startedAt: at, spread: 0, presumed: true, ended }] },
      at,
    );
    expect(steps.map(({ title }) => title)).toContain("Attempt 1 may have been made: outcome unknown");
  });
});

describe("an outcome that was recorded after the next attempt had begun", () => {
  it("is shown beside the one that the repeat was decided on, each at its time", async () => {
    const { at, after } = await answeredLate();
    expect(after).toMatchObject([
      { lane: "decisions", title: "Accepted for the queue" },
      { lane: "attempts", title: "Attempt 1: accepted by WhatsApp, 87 ms", at: at(0), until: at(87) },
      { lane: "decisions", title: "Attempt 1 counted as: outcome unknown", at: at(41_000), reason: "Connection reset" },
      { lane: "waits", title: "Waited 10 s before attempt 2", at: at(41_000), until: at(51_000) },
      { lane: "attempts", title: "Attempt 2: no answer yet" },
    ]);
    expect(after[1]?.reason).toMatch(/^Repeated after 10 s: no readable answer .* The outcome was recorded later: /);
  });

  it("changes nothing else", async () => {
    const { before, after } = await answeredLate();
    const others = ({ title }: { title: string }) => !title.startsWith("Attempt 1");
    expect(after.filter(others)).toEqual(before.filter(others));
    expect(before.filter(({ title }) => title.includes("counted as"))).toEqual([]);
  });
});
