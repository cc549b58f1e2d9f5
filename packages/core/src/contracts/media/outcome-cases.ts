import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleCredential } from "../fixtures.ts";
import type { MediaSubject } from "./subject.ts";
import { limitOf, slackMs } from "../time-limits.ts";
import { pieces, upload } from "./upload.ts";
import { fails, failsWith } from "../results.ts";

export const mediaOutcomeCases: readonly Case<MediaSubject>[] = [
  {
    name: "What WhatsApp rejects is `Refused`, with whether that is final",
    async run(subject) {
      expect(failsWith("Refused", await upload(subject, "rejects permanently"))).toMatchObject({
        kind: "Refused",
        final: true,
        failure: { class: expect.stringMatching(/./), details: expect.stringMatching(/./) },
      });
      const passing = failsWith("Refused", await upload(subject, "rejects temporarily"));
      expect(passing).toMatchObject({ kind: "Refused", final: false });
    },
  },
  {
    name: "A rate limit is `Throttled`, with whose limit it is",
    async run(subject) {
      const error = failsWith("Throttled", await upload(subject, "throttles"));
      expect(error.scope).toMatch(/^(app|account|number|maintenance|pair)$/);
    },
  },
  {
    name: "A rejected access token is `CredentialRefused`",
    async run(subject) {
      failsWith("CredentialRefused", await upload(subject, "rejects the credential"));
    },
  },
  {
    name: "A request that was sent and got no answer is `Ambiguous`",
    async run(subject) {
      for (const scenario of ["stops taking", "never answers", "drops the connection"] as const) {
        const error = failsWith("Ambiguous", await upload(subject, scenario));
        expect(error, scenario).toMatchObject({ sawSuccess: false });
      }
    },
  },
  {
    name: "A success before the end of the content is `Ambiguous`",
    async run(subject) {
      const error = failsWith("Ambiguous", await upload(subject, "answers too early", pieces(2000, 65_536)));
      expect(error).toMatchObject({ sawSuccess: true });
    },
  },
  {
    name: "`NotSent` proves that no byte of the request was sent or will be",
    async run(subject) {
      const error = failsWith("NotSent", await upload(subject, "cannot be reached"));
      expect(error).toMatchObject({ final: false });
      expect(await subject.requests()).toBe(0);
    },
  },
  {
    name: "WhatsApp has `timeoutMs` to take each chunk and to answer",
    async run(subject) {
      for (const scenario of ["stops taking", "never answers"] as const) {
        const calledAt = subject.clock.now().getTime();
        fails(await upload(subject, scenario));
        const limitMs = limitOf(scenario, subject);
        expect(subject.clock.now().getTime() - calledAt, scenario).toBeLessThan(limitMs + slackMs);
      }
    },
  },
  {
    name: "No error contains the access token, even where WhatsApp quotes it",
    async run(subject) {
      const error = fails(await upload(subject, "quotes the credential"));
      expect(JSON.stringify(error)).not.toContain(exampleCredential().accessToken.reveal());
    },
  },
];
