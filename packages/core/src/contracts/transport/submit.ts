import type { Outcome } from "../../domain/outcome.ts";
import type { Submission } from "../../ports/transport.ts";
import type { TransportScenario, TransportSubject } from "./subject.ts";
import { succeeds } from "../results.ts";
import { limitOf } from "../time-limits.ts";

/** The scenarios in which a request arrives. */
export const reaching: readonly TransportScenario[] = [
  "accepts",
  "rejects permanently",
  "rejects temporarily",
  "throttles",
  "rejects the credential",
  "never answers",
  "drops the connection",
  "succeeds unreadably",
];

/** The outcome of a submission in a scenario. */
export async function submit(
  subject: TransportSubject,
  scenario: TransportScenario,
  submission: Submission,
): Promise<Outcome> {
  await subject.arrange(scenario, submission.to);
  return succeeds(await subject.transport.submit(submission, limitOf(scenario, subject)));
}
