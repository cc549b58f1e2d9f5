import { expect } from "vitest";

import type { ReadReceipt, ReadReceiptOutcome } from "../../ports/read-receipts.ts";
import type { Case } from "../contract.ts";
import { exampleCredential } from "../fixtures.ts";
import type { TransportScenario } from "../transport/subject.ts";
import { reaching } from "../transport/submit.ts";
import type { ReadReceiptsSubject } from "./subject.ts";
import { succeeds } from "../results.ts";
import { answeredMs, limitOf, slackMs } from "../time-limits.ts";

/** Read receipts that take no `mayBegin` are sent whenever they are marked: they keep all other promises. */
const takesMayBegin = {
  name: "mayBegin",
  of: ({ readReceipts }: ReadReceiptsSubject) => (readReceipts.mark.length > 2 ? true : undefined),
};

export const readReceiptsCases: readonly Case<ReadReceiptsSubject>[] = [
  {
    name: "Sends the receipt unchanged",
    async run(subject) {
      const { phoneNumberId, accessToken } = exampleCredential("7");
      const given = [true, false].map((typing) => ({ whatsappMessageId: "wamid.HBgN+/=", typing }));
      for (const about of given) await mark(subject, "accepts", { ...about, credential: exampleCredential("7") });
      expect(await subject.received()).toEqual(
        given.map((about) => ({ ...about, phoneNumberId, accessToken: accessToken.reveal() })),
      );
    },
  },
  {
    name: "marking a message again changes nothing",
    async run(subject) {
      const answers = [await mark(subject, "accepts"), await mark(subject, "accepts")];
      expect(answers.map(({ kind }) => kind)).toEqual(["ReadConfirmed", "ReadConfirmed"]);
    },
  },
  {
    name: "Makes exactly one request and never repeats it, whatever it ends in",
    async run(subject) {
      for (const [index, scenario] of reaching.entries()) {
        await mark(subject, scenario);
        expect(await subject.received(), scenario).toHaveLength(index + 1);
      }
    },
  },
  {
    name: "Asks `mayBegin` right before the first byte",
    needs: takesMayBegin,
    async run(subject) {
      let asked = 0;
      await subject.arrange("accepts");
      const marked = await subject.readReceipts.mark(exampleReceipt(), answeredMs, () => (asked += 1) > 0);
      expect([succeeds(marked).kind, asked]).toEqual(["ReadConfirmed", 1]);
    },
  },
  {
    name: "Where it answers false, nothing is sent, and the outcome is `NotSent`",
    needs: takesMayBegin,
    async run(subject) {
      await subject.arrange("accepts");
      const heldBack = await subject.readReceipts.mark(exampleReceipt(), answeredMs, () => false);
      expect(succeeds(heldBack)).toMatchObject({ kind: "NotSent", final: false });
      expect(await subject.received()).toEqual([]);
      expect((await mark(subject, "accepts")).kind).toBe("ReadConfirmed");
      expect(await subject.received()).toHaveLength(1);
    },
  },
  {
    name: "an answer comes by `timeoutMs` after the call",
    async run(subject) {
      const calledAt = subject.clock.now().getTime();
      await mark(subject, "never answers");
      const limitMs = limitOf("never answers", subject);
      expect(subject.clock.now().getTime() - calledAt, "after how many milliseconds").toBeLessThan(limitMs + slackMs);
    },
  },
  {
    name: "What WhatsApp rejects is `Refused`, with whether that is final",
    async run(subject) {
      expect(await mark(subject, "rejects permanently")).toMatchObject({
        kind: "Refused",
        final: true,
        failure: { class: expect.stringMatching(/./), details: expect.stringMatching(/./) },
      });
      expect(await mark(subject, "rejects temporarily")).toMatchObject({ kind: "Refused", final: false });
    },
  },
  {
    name: "A rate limit is `Throttled`, with whose limit it is",
    async run(subject) {
      const outcome = await mark(subject, "throttles");
      expect(outcome).toMatchObject({ kind: "Throttled", scope: expect.stringMatching(scopes) });
    },
  },
  {
    name: "A rejected access token is `CredentialRefused`",
    async run(subject) {
      expect((await mark(subject, "rejects the credential")).kind).toBe("CredentialRefused");
    },
  },
  {
    name: "A request that was sent and got no readable answer is `Ambiguous`",
    async run(subject) {
      for (const scenario of ["never answers", "drops the connection", "succeeds unreadably"] as const) {
        expect((await mark(subject, scenario)).kind, scenario).toBe("Ambiguous");
      }
    },
  },
  {
    name: "`NotSent` proves that no byte of the request was sent or will be",
    async run(subject) {
      expect(await mark(subject, "cannot be reached")).toMatchObject({ kind: "NotSent", final: false });
      expect(await subject.received()).toEqual([]);
    },
  },
  {
    name: "No outcome contains the access token, even where WhatsApp quotes it",
    async run(subject) {
      for (const scenario of ["quotes the credential", "answers with the credential"] as const) {
        const outcome = await mark(subject, scenario);
        expect(JSON.stringify(outcome), scenario).not.toContain(exampleCredential().accessToken.reveal());
      }
    },
  },
];

function exampleReceipt(): ReadReceipt {
  return { credential: exampleCredential(), whatsappMessageId: "wamid.1", typing: false };
}

async function mark(
  subject: ReadReceiptsSubject,
  scenario: TransportScenario,
  receipt = exampleReceipt(),
): Promise<ReadReceiptOutcome> {
  await subject.arrange(scenario);
  return succeeds(await subject.readReceipts.mark(receipt, limitOf(scenario, subject)));
}

const scopes = /^(app|account|number|maintenance|pair)$/;
