import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleCredential, exampleSubmission, oddText } from "../fixtures.ts";
import { reaching, submit } from "./submit.ts";
import type { TransportSubject } from "./subject.ts";
import { succeeds } from "../results.ts";
import { answeredMs, limitOf, slackMs } from "../time-limits.ts";

/** A transport that takes no `mayBegin` sends whenever it is called: it keeps all other promises. */
const takesMayBegin = {
  name: "mayBegin",
  of: ({ transport }: TransportSubject) => (transport.submit.length > 2 ? true : undefined),
};

export const transportRequestCases: readonly Case<TransportSubject>[] = [
  {
    name: "Sends the submission unchanged",
    async run(subject) {
      const submission = exampleSubmission({
        content: { type: "text", text: { body: oddText, preview_url: true } },
        credential: exampleCredential("7"),
      });
      await submit(subject, "accepts", submission);
      const received = (await subject.received())[0];
      expect(received && { ...received, to: received.to.replace("+", "") }).toEqual({
        phoneNumberId: submission.credential.phoneNumberId,
        accessToken: submission.credential.accessToken.reveal(),
        to: submission.to.slice(1),
        content: submission.content,
        callbackData: submission.callbackData,
      });
    },
  },
  {
    name: "by the API that its `via` names",
    async run(subject) {
      const content = { type: "template", template: { name: "offer", language: { code: "en_US" } } } as const;
      for (const via of ["marketing", "cloud", undefined] as const) {
        await submit(subject, "accepts", exampleSubmission({ content, ...(via && { via }) }));
      }
      expect((await subject.received()).map(({ via }) => via)).toEqual(["marketing", undefined, undefined]);
    },
  },
  {
    name: "Makes exactly one request and never repeats it, whatever it ends in",
    async run(subject) {
      for (const [index, scenario] of reaching.entries()) {
        await submit(subject, scenario, exampleSubmission({ to: `+62812345670${index}` }));
        expect(await subject.received(), scenario).toHaveLength(index + 1);
      }
    },
  },
  {
    name: "Asks `mayBegin` right before the first byte",
    needs: takesMayBegin,
    async run(subject) {
      let asked = 0;
      const mayBegin = () => (asked += 1) > 0;
      const accepted = await subject.transport.submit(exampleSubmission(), answeredMs, mayBegin);
      expect([succeeds(accepted).kind, asked]).toEqual(["Accepted", 1]);
    },
  },
  {
    name: "Where it answers false, nothing is sent, and the outcome is `NotSent`",
    needs: takesMayBegin,
    async run(subject) {
      const heldBack = await subject.transport.submit(exampleSubmission(), answeredMs, () => false);
      expect(succeeds(heldBack)).toMatchObject({ kind: "NotSent", final: false });
      expect(await subject.received()).toEqual([]);
      expect((await submit(subject, "accepts", exampleSubmission())).kind).toBe("Accepted");
      expect(await subject.received()).toHaveLength(1);
    },
  },
  {
    name: "Concurrent submissions do not affect each other",
    async run(subject) {
      const plans = Array.from({ length: 30 }, (_, index) => {
        const scenario = (["accepts", "rejects permanently", "throttles"] as const)[index % 3] ?? "accepts";
        return { scenario, submission: exampleSubmission({ to: `+6281234567${10 + index}` }) };
      });
      for (const { scenario, submission } of plans) await subject.arrange(scenario, submission.to);
      const answers = await Promise.all(
        plans.map(({ submission }) => subject.transport.submit(submission, answeredMs)),
      );
      const kinds = { accepts: "Accepted", "rejects permanently": "Refused", throttles: "Throttled" };
      expect(answers.map((answer) => succeeds(answer).kind)).toEqual(plans.map(({ scenario }) => kinds[scenario]));
    },
  },
  {
    name: "an `Outcome` comes by `timeoutMs` after the call",
    async run(subject) {
      const calledAt = subject.clock.now().getTime();
      await submit(subject, "never answers", exampleSubmission());
      const limitMs = limitOf("never answers", subject);
      expect(subject.clock.now().getTime() - calledAt, "after how many milliseconds").toBeLessThan(limitMs + slackMs);
    },
  },
];
