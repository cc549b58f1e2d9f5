import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";
import { perValue } from "./labels.ts";

const buckets = [0.01, 0.1, 0.5, 1, 5, 10, 30, 60];

/** What attempts wait for before they may start. */
export function createPacingMetrics({ counter, histogram }: Instruments): Handlers<"PermitWaited" | "PaceChanged"> {
  const waits = histogram({
    name: "permit_wait_seconds",
    help: "How long attempts waited that could not start at once, by what they waited for. granted: they started then.",
    labels: ["reason", "granted"],
    buckets,
  });
  const changes = counter({
    name: "pace_changes_total",
    help: "Changes of the pace of a number: to throttled, paused or normal.",
    labels: ["state"],
  });
  const waitsOf = perValue((reason) => ({
    granted: waits.labels(reason, "true"),
    refused: waits.labels(reason, "false"),
  }));
  const changesOf = perValue((state) => changes.labels(state));

  return {
    PermitWaited({ reason, granted, waitedMs }) {
      waitsOf(reason)[granted ? "granted" : "refused"].observe(waitedMs / 1000);
    },
    PaceChanged: ({ state }) => changesOf(state).inc(),
  };
}
