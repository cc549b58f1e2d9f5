import type { TelemetryEvent } from "@message-sender/core/adapter";
import { Registry } from "@prometheus-io/client";
import { beforeEach, expect, it } from "vitest";

import { createPrometheusTelemetry } from "./prometheus-telemetry.ts";

let registry: Registry;
let record: (event: TelemetryEvent) => void;

beforeEach(() => {
  registry = new Registry();
  ({ record } = createPrometheusTelemetry(registry));
});

/** The samples of the metrics whose names begin so, without the prefix. */
async function samples(...names: readonly string[]): Promise<string[]> {
  const lines = (await registry.metrics()).split("\n").filter((line) => line.startsWith("message_sender_"));
  return lines
    .map((line) => line.replace("message_sender_", ""))
    .filter(
      (line) => names.some((name) => line.startsWith(name)) && !/_bucket|_sum/.test(line) && !line.endsWith(" 0"),
    );
}

const ofConversation = { outlet: { tenantId: "t", outletId: "o" }, conversationId: "c" };

const outlet = { tenantId: "t-1", outletId: "o-1" };
const at = new Date();
const pause = {
  id: "outlet:t:o",
  kind: "outlet",
  name: "o",
  tenantId: "t",
  owner: "operator",
  reason: "any",
  by: "ops",
  at,
} as const;
const accepted = { number: 1, outcome: "Accepted", durationMs: 80, reason: "" } as const;
const refused = {
  number: 1,
  outcome: "Refused",
  class: "transient",
  code: 131000,
  durationMs: 80,
  reason: "",
} as const;
const ended = { kind: "AttemptEnded", messageId: "m" } as const;

it.each<readonly [TelemetryEvent, readonly string[]]>([
  [
    { kind: "CallAnswered", call: "send", result: "done", durationMs: 80 },
    ['calls_total{call="send",result="done"} 1', 'call_duration_seconds_count{call="send",success="true"} 1'],
  ],
  [
    { kind: "CallAnswered", call: "enqueue", result: "RateLimited", cause: "outage", durationMs: 1 },
    [
      'calls_total{call="enqueue",result="rate_limited"} 1',
      'pacing_refusals_total{cause="outage"} 1',
      'call_duration_seconds_count{call="enqueue",success="false"} 1',
    ],
  ],
  [{ kind: "MessageAccepted", messageId: "m", outlet }, ["messages_accepted_total 1"]],
  [
    { kind: "PermitWaited", phoneNumberId: "1", reason: "retry_budget", waitedMs: 7, granted: false },
    ['permit_wait_seconds_count{reason="retry_budget",granted="false"} 1'],
  ],
  [
    { ...ended, attempt: accepted },
    [
      'attempts_total{outcome="accepted",class="none",code="none"} 1',
      'attempt_duration_seconds_count{outcome="accepted"} 1',
    ],
  ],
  [
    { ...ended, attempt: refused, nextAttemptAt: at },
    [
      'attempts_total{outcome="refused",class="transient",code="131000"} 1',
      'retries_total{reason="transient"} 1',
      'attempt_duration_seconds_count{outcome="refused"} 1',
    ],
  ],
  [
    { ...ended, attempt: { number: 2, outcome: "NotSent", reason: "" }, nextAttemptAt: at },
    [
      'attempts_total{outcome="not_sent",class="none",code="none"} 1',
      'retries_total{reason="not_sent"} 1',
      'attempt_duration_seconds_count{outcome="not_sent"} 1',
    ],
  ],
  [
    { ...ended, attempt: { ...refused, code: 987_654 } },
    [
      'attempts_total{outcome="refused",class="transient",code="other"} 1',
      'attempt_duration_seconds_count{outcome="refused"} 1',
    ],
  ],
  [
    {
      kind: "MessageSent",
      messageId: "m",
      ...ofConversation,
      mode: "queued",
      attempts: 2,
      possibleDuplicate: true,
      sinceAcceptedMs: 900,
    },
    [
      'messages_ended_total{mode="queued",outcome="sent"} 1',
      'message_duration_seconds_count{mode="queued"} 1',
      "possible_duplicates_total 1",
    ],
  ],
  [
    {
      kind: "MessageConcluded",
      messageId: "m",
      ...ofConversation,
      sinceAcceptedMs: 900,
      mode: "waiting",
      as: "cut off",
      status: "unknown",
      mayHaveBeenSent: true,
      attempts: [],
    },
    ['messages_ended_total{mode="waiting",outcome="cut_off"} 1', "messages_unknown_total 1"],
  ],
  [{ kind: "StatusChanged", messageId: "m", from: "sent", to: "read" }, ['status_changes_total{status="read"} 1']],
  [{ kind: "DuplicateDetected", messageId: "m", wamids: ["a", "b"] }, ["duplicates_total 1"]],
  [
    { kind: "FailureReported", messageId: "m", attempt: 1, wamid: "w", status: "failed", code: 131_047 },
    ['failures_reported_total{code="131047"} 1'],
  ],
  [
    { kind: "StatusesRecorded", applied: 3, parked: 0, unmatched: 2 },
    ['webhook_statuses_total{result="applied"} 3', 'webhook_statuses_total{result="unmatched"} 2'],
  ],
  [
    { kind: "WebhookPartUnrecognized", part: "user_preferences", reason: "any", count: 4 },
    ['webhook_parts_unrecognized_total{part="user_preferences"} 4'],
  ],
  [{ kind: "MessageErased", messageId: "m-1", outlet: { tenantId: "t", outletId: "o" } }, ["messages_erased_total 1"]],
  [{ kind: "ParkedStatusesForgotten", count: 5 }, ["parked_statuses_forgotten_total 5"]],
  [{ kind: "OutcomeUnrecorded", messageId: "m", reason: "away" }, ["outcomes_unrecorded_total 1"]],
  [
    { kind: "HistoryStored", messageId: "m", lagMs: 12 },
    [
      'outbox_deliveries_total{topic="history",result="delivered"} 1',
      'outbox_delivery_seconds_count{topic="history"} 1',
    ],
  ],
  [
    { kind: "HistoryRetried", messageId: "m", retryAt: at, reason: "down" },
    ['outbox_deliveries_total{topic="history",result="retried"} 1'],
  ],
  [{ kind: "HistoryDead", messageId: "m", reason: "no" }, ['outbox_deliveries_total{topic="history",result="dead"} 1']],
  [
    { kind: "WebhookForwarded", webhookId: "w", lagMs: 12 },
    [
      'outbox_deliveries_total{topic="webhook",result="delivered"} 1',
      'outbox_delivery_seconds_count{topic="webhook"} 1',
    ],
  ],
  [
    { kind: "WebhookRetried", webhookId: "w", retryAt: at, reason: "down" },
    ['outbox_deliveries_total{topic="webhook",result="retried"} 1'],
  ],
  [{ kind: "WebhookDead", webhookId: "w", reason: "no" }, ['outbox_deliveries_total{topic="webhook",result="dead"} 1']],
  [
    { kind: "CallbackDelivered", messageId: "m", version: 1, tenantId: "t", lagMs: 12 },
    ['outbox_deliveries_total{topic="status",result="delivered"} 1', 'outbox_delivery_seconds_count{topic="status"} 1'],
  ],
  [
    { kind: "CallbackRetried", messageId: "m", version: 1, tenantId: "t", retryAt: at, reason: "down" },
    ['outbox_deliveries_total{topic="status",result="retried"} 1'],
  ],
  [
    { kind: "CallbackDead", messageId: "m", version: 1, tenantId: "t", refused: true, reason: "gone" },
    ['outbox_deliveries_total{topic="status",result="refused"} 1'],
  ],
  [
    { kind: "CallbackDead", messageId: "m", version: 1, tenantId: "t", reason: "away" },
    ['outbox_deliveries_total{topic="status",result="dead"} 1'],
  ],
  [
    { kind: "QuotaReserved", tenantId: "t", blockId: "b", requested: 100, granted: 60 },
    ["quota_units_requested_total 100", "quota_units_granted_total 60"],
  ],
  [{ kind: "QuotaSettled", tenantId: "t", blockId: "b", used: 9, before: 4 }, ["quota_units_used_total 5"]],
  [{ kind: "QuotaSettled", tenantId: "t", blockId: "b", used: 3, before: 4 }, []],
  [{ kind: "TemplatesRead", tenantId: "t", wabaId: "1", count: 7 }, ['template_lists_total{result="read"} 1']],
  [
    { kind: "TemplatesUnavailable", tenantId: "t", wabaId: "1", reason: "HTTP 403" },
    ['template_lists_total{result="failed"} 1'],
  ],
  [{ kind: "QuotaUnsettled", tenantId: "t", blockId: "b", reason: "away" }, ["quota_settlement_failures_total 1"]],
  [{ kind: "OverloadChanged", level: 3, loopDelayMs: 900, storeWaitMs: 0 }, ["overload_level 3"]],
  [{ kind: "PauseBegun", pause, replaces: false }, ['pauses{kind="outlet"} 1']],
  [{ kind: "PauseBegun", pause, replaces: true }, []],
  [{ kind: "PauseEnded", pause }, ['pauses{kind="outlet"} -1']],
  [
    { kind: "PaceChanged", phoneNumberId: "1", state: "throttled", reason: "any" },
    ['pace_changes_total{state="throttled"} 1'],
  ],
  [
    { kind: "StoreBatchEnded", size: 12, durationMs: 3, failed: true },
    ['store_batches_total{result="failed"} 1', "store_batch_calls_count 1", "store_batch_duration_seconds_count 1"],
  ],
  [
    { kind: "RequestAnswered", method: "GET", route: "/api/v1/messages/:messageId", status: 404, durationMs: 2 },
    [
      'http_requests_total{method="GET",route="/api/v1/messages/:messageId",status="404"} 1',
      'http_request_duration_seconds_count{method="GET",route="/api/v1/messages/:messageId"} 1',
    ],
  ],
  [
    { kind: "BackgroundFault", where: "parked statuses", reason: "away" },
    ['background_faults_total{where="parked_statuses"} 1'],
  ],
])("counts %o", async (event, expected) => {
  record(event);
  expect((await samples("")).toSorted()).toEqual(expected.toSorted());
});

it("counts an event again under the same series", async () => {
  for (const _ of [1, 2, 3]) record({ ...ended, attempt: refused });
  expect(await samples("attempts_total")).toEqual([
    'attempts_total{outcome="refused",class="transient",code="131000"} 3',
  ]);
});

it("measures durations in seconds", async () => {
  record({ ...ended, attempt: { ...accepted, durationMs: 250 } });
  expect(await registry.metrics()).toContain('attempt_duration_seconds_sum{outcome="accepted"} 0.25');
});

it("has each series whose labels are known from the start: one that begins with 1 shows no increase", async () => {
  const text = await registry.metrics();
  const ofOutbox = ["history", "webhook", "status"].flatMap((topic) =>
    ["delivered", "retried", "dead"].map((result) => `outbox_deliveries_total{topic="${topic}",result="${result}"}`),
  );
  for (const series of [
    ...ofOutbox,
    'outbox_deliveries_total{topic="status",result="refused"}',
    ...["committed", "failed"].map((result) => `store_batches_total{result="${result}"}`),
    ...["applied", "parked", "unmatched"].map((result) => `webhook_statuses_total{result="${result}"}`),
  ])
    expect(text).toContain(`\nmessage_sender_${series} 0\n`);
});
