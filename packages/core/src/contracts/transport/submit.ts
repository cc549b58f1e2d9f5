import type { Outcome } from "../../domain/outcome.ts";
import type { Submission } from "../../ports/transport.ts";
import type { TransportScenario, TransportSubject } from "./subject.ts";

/** Short, so that a scenario in which nobody answers does not take long where time is real. */
export const timeoutMs = 500;

/** Everything in which a request arrives. */
export const reaching: readonly TransportScenario[] = [
  "accepts",
  "refuses for good",
  "refuses for now",
  "throttles",
  "refuses the credential",
  "never answers",
  "breaks off",
  "mumbles success",
];

/** What a submission ends in when that happens to it. */
export async function submit(
  { transport, arrange }: TransportSubject,
  scenario: TransportScenario,
  submission: Submission,
  limitMs: number = timeoutMs,
): Promise<Outcome> {
  await arrange(scenario, submission.to);
  return (await transport.submit(submission, limitMs))._unsafeUnwrap();
}
