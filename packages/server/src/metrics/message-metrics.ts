import type { Handlers } from "./handlers.ts";
import type { Instruments } from "./instruments.ts";
import { perValue } from "./labels.ts";

const buckets = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400];

/** Messages: how many were accepted, and how they ended. */
export function createMessageMetrics({
  counter,
  histogram,
}: Instruments): Handlers<
  "MessageAccepted" | "MessageSent" | "MessageConcluded" | "DuplicateDetected" | "OutcomeUnrecorded" | "MessageErased"
> {
  const accepted = counter({ name: "messages_accepted_total", help: "Messages that were stored." });
  const ended = counter({
    name: "messages_ended_total",
    help: "Messages that WhatsApp accepted (sent), or for which no further attempt is made, by the reason.",
    labels: ["mode", "outcome"],
  });
  const unknown = counter({
    name: "messages_unknown_total",
    help: "Messages that ended with an unknown outcome: they may have been sent.",
  });
  const durations = histogram({
    name: "message_duration_seconds",
    help: "From the accept of a message until WhatsApp accepted it.",
    labels: ["mode"],
    buckets,
  });
  const possibleDuplicates = counter({
    name: "possible_duplicates_total",
    help: "Messages that were sent after an attempt that may have been sent too.",
  });
  const duplicates = counter({
    name: "duplicates_total",
    help: "Messages to which WhatsApp gave several ids, so that the recipient may have received each.",
  });
  const unrecorded = counter({
    name: "outcomes_unrecorded_total",
    help: "Outcomes of attempts that could not be stored at once, because the store was unavailable. No other metric counts these attempts.",
  });
  const erased = counter({
    name: "messages_erased_total",
    help: "Messages whose retention time was over while they were still needed, because their history entry was not delivered or their block of quota not settled: recipient and content were erased.",
  });
  const endedOf = perValue((mode) => perValue((outcome) => ended.labels(mode, outcome)));
  const durationsOf = perValue((mode) => durations.labels(mode));

  return {
    MessageAccepted: () => accepted.inc(),
    MessageSent({ mode, sinceAcceptedMs, possibleDuplicate }) {
      endedOf(mode)("sent").inc();
      durationsOf(mode).observe(sinceAcceptedMs / 1000);
      if (possibleDuplicate) possibleDuplicates.inc();
    },
    MessageConcluded({ mode, as, status }) {
      endedOf(mode)(as).inc();
      if (status === "unknown") unknown.inc();
    },
    MessageErased: () => erased.inc(),
    DuplicateDetected: () => duplicates.inc(),
    OutcomeUnrecorded: () => unrecorded.inc(),
  };
}
