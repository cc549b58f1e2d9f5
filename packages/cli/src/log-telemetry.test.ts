import type { TelemetryEvent } from "@message-sender/core";
import { pino } from "pino";
import { expect, it } from "vitest";

import { createLogTelemetry } from "./log-telemetry.ts";

const retryAt = new Date("2026-11-23T10:00:00Z");

it.each<[string, TelemetryEvent, object]>([
  [
    "warn",
    { kind: "DuplicateDetected", messageId: "m-1", wamids: ["wamid.1", "wamid.2"] },
    { message_id: "m-1", whatsapp_message_ids: ["wamid.1", "wamid.2"] },
  ],
  ["debug", { kind: "StatusesRecorded", applied: 1, parked: 2, unmatched: 3 }, { applied: 1, parked: 2, unmatched: 3 }],
  [
    "debug",
    { kind: "WebhookPartUnread", part: "statuses", reason: "unknown status: deleted", count: 2 },
    { part: "statuses", reason: "unknown status: deleted", count: 2 },
  ],
  [
    "warn",
    { kind: "HistoryRetried", messageId: "m-1", retryAt, reason: "down", httpStatus: 503 },
    { message_id: "m-1", retry_at: retryAt.toISOString(), reason: "down", http_status: 503 },
  ],
  [
    "error",
    { kind: "HistoryDead", messageId: "m-1", reason: "answered HTTP 422: no", httpStatus: 422 },
    { message_id: "m-1", reason: "answered HTTP 422: no", http_status: 422, msg: "history refused for good" },
  ],
  ["debug", { kind: "WebhookForwarded", webhookId: "w-1", lagMs: 7 }, { webhook_id: "w-1", lag_ms: 7 }],
  [
    "warn",
    { kind: "WebhookRetried", webhookId: "w-1", retryAt, reason: "away" },
    { webhook_id: "w-1", retry_at: retryAt.toISOString(), reason: "away" },
  ],
  ["error", { kind: "WebhookDead", webhookId: "w-1", reason: "away" }, { webhook_id: "w-1", reason: "away" }],
])("logs at %s: %o", (level, event, fields) => {
  const lines: string[] = [];
  const logger = pino(
    { level: "trace", formatters: { level: (label) => ({ level: label }) } },
    { write: (line: string) => void lines.push(line) },
  );
  createLogTelemetry(logger).record(event);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level, msg: expect.any(String), ...fields });
});
