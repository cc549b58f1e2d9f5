import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleSubmission } from "../fixtures.ts";
import { submit } from "./submit.ts";
import type { TransportSubject } from "./subject.ts";
import { succeeds } from "../results.ts";

export const transportOutcomeCases: readonly Case<TransportSubject>[] = [
  {
    name: "Never fails",
    async run({ transport, arrange }) {
      await arrange("accepts", exampleSubmission().to);
      for (const limitMs of [0, 1]) {
        const answer = await transport.submit(exampleSubmission(), limitMs);
        succeeds(answer);
        expect(kinds).toContain(succeeds(answer).kind);
      }
    },
  },
  {
    name: "What WhatsApp accepts is `Accepted`, each with an id of its own",
    async run(subject) {
      const outcomes = [
        await submit(subject, "accepts", exampleSubmission()),
        await submit(subject, "accepts", exampleSubmission()),
      ];
      const ids = outcomes.map((outcome) => outcome.kind === "Accepted" && outcome.wamid);
      expect(ids).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
      expect(ids[0]).not.toBe(ids[1]);
    },
  },
  {
    name: "What WhatsApp rejects is `Refused`, with whether that is final",
    async run(subject) {
      expect(await submit(subject, "rejects permanently", exampleSubmission())).toMatchObject({
        kind: "Refused",
        final: true,
        failure: { class: expect.stringMatching(/./), details: expect.stringMatching(/./) },
      });
      const passing = exampleSubmission({ to: "+628123456780" });
      expect(await submit(subject, "rejects temporarily", passing)).toMatchObject({ kind: "Refused", final: false });
    },
  },
  {
    name: "A rate limit is `Throttled`, with whose limit it is",
    async run(subject) {
      const outcome = await submit(subject, "throttles", exampleSubmission());
      expect(outcome).toMatchObject({ kind: "Throttled", scope: expect.stringMatching(scopes) });
    },
  },
  {
    name: "A rejected access token is `CredentialRefused`",
    async run(subject) {
      const outcome = await submit(subject, "rejects the credential", exampleSubmission());
      expect(outcome.kind).toBe("CredentialRefused");
    },
  },
  {
    name: "A request that was sent and got no answer is `Ambiguous`",
    async run(subject) {
      for (const scenario of ["never answers", "drops the connection"] as const) {
        const outcome = await submit(subject, scenario, exampleSubmission());
        expect(outcome, scenario).toMatchObject({ kind: "Ambiguous", sawSuccess: false });
      }
    },
  },
  {
    name: "a success that cannot be read is `Ambiguous` with `sawSuccess`",
    async run(subject) {
      const outcome = await submit(subject, "succeeds unreadably", exampleSubmission());
      expect(outcome).toMatchObject({ kind: "Ambiguous", sawSuccess: true });
    },
  },
  {
    name: "`NotSent` proves that no byte of the request was sent or will be",
    async run(subject) {
      const outcome = await submit(subject, "cannot be reached", exampleSubmission());
      expect(outcome).toMatchObject({ kind: "NotSent", final: false });
      expect(await subject.received()).toEqual([]);
    },
  },
  {
    name: "No outcome contains the access token, even where WhatsApp quotes it",
    async run(subject) {
      const scenarios = ["quotes the credential", "answers with the credential"] as const;
      for (const [index, scenario] of scenarios.entries()) {
        const submission = exampleSubmission({ to: `+62812345678${index}` });
        const outcome = await submit(subject, scenario, submission);
        expect(JSON.stringify(outcome), scenario).not.toContain(submission.credential.accessToken.reveal());
      }
    },
  },
];

const kinds = ["Accepted", "Refused", "CredentialRefused", "Throttled", "NotSent", "Ambiguous"];

const scopes = /^(app|account|number|maintenance|pair)$/;
