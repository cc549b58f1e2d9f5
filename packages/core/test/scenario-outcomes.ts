import { exampleOutcomes } from "../src/contracts/fixtures.ts";
import type { TransportScenario } from "../src/contracts/transport/subject.ts";

const { Refused, Throttled, CredentialRefused, NotSent, Ambiguous } = exampleOutcomes;

/** What a request that WhatsApp does not take ends in, by what happens to it. */
export const scenarioOutcomes = {
  "rejects permanently": { ...Refused, final: true },
  "rejects temporarily": { ...Refused, final: false },
  throttles: Throttled,
  "rejects the credential": CredentialRefused,
  "quotes the credential": { ...Refused, failure: { class: "request", details: "[redacted] is no token" } },
  "answers with the credential": { ...Ambiguous, sawSuccess: true, cause: "[redacted] is no id" },
  "never answers": Ambiguous,
  "drops the connection": Ambiguous,
  "succeeds unreadably": { ...Ambiguous, sawSuccess: true },
  "cannot be reached": NotSent,
} as const satisfies Record<Exclude<TransportScenario, "accepts">, unknown>;
