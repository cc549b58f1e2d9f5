import type { AttemptSummary } from "@message-sender/core/adapter";
import { graphErrorRule } from "@message-sender/http-adapter/outbound";
import type { Count } from "./counter.ts";

import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";
import { otherValues, perValue } from "./labels.ts";

const buckets = [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 5, 10];
const none = "none";

/** Attempts, by what WhatsApp answered. */
export function createAttemptMetrics({
  counter,
  histogram,
}: Instruments): Handlers<"AttemptEnded" | "FailureReported"> {
  const attempts = counter({
    name: "attempts_total",
    help: "Attempts to send a message, by outcome, class of failure and WhatsApp's error code.",
    labels: ["outcome", "class", "code"],
  });
  const retries = counter({
    name: "retries_total",
    help: "Attempts after which a further one is planned, by the class of the failure, or the outcome where there is none.",
    labels: ["reason"],
  });
  const reported = counter({
    name: "failures_reported_total",
    help: "Attempts that WhatsApp accepted and that a status webhook then reported as failed, by error code.",
    labels: ["code"],
  });
  const durations = histogram({
    name: "attempt_duration_seconds",
    help: "How long attempts take, from the intent to the outcome.",
    labels: ["outcome"],
    buckets,
  });
  const attemptsOf = perValue((outcome) =>
    perValue((failureClass) => perCode((code) => attempts.labels(outcome, failureClass, code))),
  );
  const retriesOf = perValue((reason) => retries.labels(reason));
  const reportedOf = perCode((code) => reported.labels(code));
  const durationsOf = perValue((outcome) => durations.labels(outcome));

  function count({ outcome, class: failureClass, code, durationMs = 0 }: AttemptSummary): void {
    attemptsOf(outcome)(failureClass ?? none)(code).inc();
    durationsOf(outcome).observe(durationMs / 1000);
  }

  return {
    AttemptEnded({ attempt, nextAttemptAt }) {
      count(attempt);
      if (nextAttemptAt) retriesOf(attempt.class ?? attempt.outcome).inc();
    },
    FailureReported: ({ code }) => reportedOf(code).inc(),
  };
}

/** Codes that Meta does not document share one value: whatever a server answers, their number has a limit. */
function perCode(create: (code: string) => Count): (code: number | undefined) => Count {
  const known = new Map<number | undefined, Count>();
  let other: Count | undefined;
  return (code) => {
    const count = known.get(code);
    if (count) return count;
    if (code !== undefined && !graphErrorRule(code)) return (other ??= create(otherValues));
    const fresh = create(code === undefined ? none : String(code));
    known.set(code, fresh);
    return fresh;
  };
}
