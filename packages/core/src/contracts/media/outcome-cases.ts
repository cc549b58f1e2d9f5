import { expect } from "vitest";

import type { Case } from "../contract.ts";
import { exampleCredential } from "../fixtures.ts";
import type { MediaSubject } from "./subject.ts";
import { pieces, timeoutMs, upload } from "./upload.ts";

export const mediaOutcomeCases: readonly Case<MediaSubject>[] = [
  {
    name: "What WhatsApp does not take is `Refused`, and says whether that is final",
    async run(subject) {
      expect((await upload(subject, "refuses for good"))._unsafeUnwrapErr()).toMatchObject({
        kind: "Refused",
        final: true,
        failure: { class: expect.stringMatching(/./), details: expect.stringMatching(/./) },
      });
      const passing = (await upload(subject, "refuses for now"))._unsafeUnwrapErr();
      expect(passing).toMatchObject({ kind: "Refused", final: false });
    },
  },
  {
    name: "A limit is `Throttled`, with whose it is",
    async run(subject) {
      const error = (await upload(subject, "throttles"))._unsafeUnwrapErr();
      expect(error.kind === "Throttled" && error.scope).toMatch(/^(app|account|number|maintenance|pair)$/);
    },
  },
  {
    name: "A refused access token is `CredentialRefused`",
    async run(subject) {
      const error = (await upload(subject, "refuses the credential"))._unsafeUnwrapErr();
      expect(error.kind).toBe("CredentialRefused");
    },
  },
  {
    name: "A request that left and was not answered is `Ambiguous`",
    async run(subject) {
      for (const scenario of ["stops taking", "never answers", "breaks off"] as const) {
        const error = (await upload(subject, scenario))._unsafeUnwrapErr();
        expect(error, scenario).toMatchObject({ kind: "Ambiguous", sawSuccess: false });
      }
    },
  },
  {
    name: "A success before the content has come to its end is `Ambiguous`",
    async run(subject) {
      const error = (await upload(subject, "answers too early", pieces(2000, 65_536)))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: "Ambiguous", sawSuccess: true });
    },
  },
  {
    name: "`NotSent` is a proof that no byte of the request left, then or later",
    async run(subject) {
      const error = (await upload(subject, "cannot be reached"))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: "NotSent", final: false });
      expect(await subject.requests()).toBe(0);
    },
  },
  {
    name: "WhatsApp has `timeoutMs` for each piece and for its answer",
    async run(subject) {
      for (const scenario of ["stops taking", "never answers"] as const) {
        const calledAt = subject.clock.now().getTime();
        expect((await upload(subject, scenario)).isErr(), scenario).toBe(true);
        expect(subject.clock.now().getTime() - calledAt, scenario).toBeLessThan(timeoutMs + toleranceMs);
      }
    },
  },
  {
    name: "No error holds the access token, even where WhatsApp quotes it",
    async run(subject) {
      const error = (await upload(subject, "quotes the credential"))._unsafeUnwrapErr();
      expect(JSON.stringify(error)).not.toContain(exampleCredential().accessToken.reveal());
    },
  },
];

const toleranceMs = 500;
