import type { AttemptSummary, TelemetryEvent } from "@message-sender/core/adapter";
import { createMessageSender } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { createHttpApp } from "@message-sender/http-adapter/inbound";
import { pino } from "pino";
import { expect, it } from "vitest";

import { createLogTelemetry } from "./log-telemetry.ts";

const at = new Date("2026-11-23T10:00:00Z");
const attempt: Required<AttemptSummary> = {
  number: 1,
  outcome: "Refused",
  durationMs: 7,
  waitedMs: 5000,
  class: "transient",
  code: 131000,
  httpStatus: 500,
  reason: "away",
};
const attemptFields = {
  attempt: 1,
  outcome: "Refused",
  duration_ms: 7,
  waited_ms: 5000,
  code: 131000,
  http_status: 500,
  reason: "away",
};

/** Events for metrics alone. */
const unlogged = {
  CallAnswered: { kind: "CallAnswered", call: "send", result: "done", durationMs: 7 },
  PermitWaited: { kind: "PermitWaited", phoneNumberId: "1", reason: "pair", waitedMs: 7, granted: true },
  StoreBatchEnded: { kind: "StoreBatchEnded", size: 7, durationMs: 7, failed: false },
  RequestAnswered: { kind: "RequestAnswered", method: "GET", route: "/healthz", status: 200, durationMs: 7 },
} as const;

const ofConversation = { outlet: { tenantId: "t-1", outletId: "o-1" }, conversationId: "c-1" };
const conversationFields = { tenant_id: "t-1", outlet_id: "o-1", conversation_id: "c-1" };

const pause = {
  id: "template:sale:acme",
  kind: "template",
  name: "sale",
  tenantId: "acme",
  language: "id",
  wabaId: "1",
  owner: "operator",
  until: at,
  reason: "wrong prices",
  by: "key-1",
  at,
} as const;
const pauseFields = {
  pause_id: "template:sale:acme",
  tenant_id: "acme",
  name: "sale",
  language: "id",
  waba_id: "1",
  until: at.toISOString(),
  reason: "wrong prices",
  by: "key-1",
};

/** For each other kind of event: the level, an event with all its fields, and the logged fields. */
const samples: {
  readonly [Kind in Exclude<TelemetryEvent["kind"], keyof typeof unlogged>]: readonly [
    level: string,
    event: Required<Extract<TelemetryEvent, { kind: Kind }>>,
    fields: object,
  ];
} = {
  MessageAccepted: [
    "debug",
    { kind: "MessageAccepted", messageId: "m-1", outlet: { tenantId: "t-1", outletId: "o-1" } },
    { message_id: "m-1", tenant_id: "t-1", outlet_id: "o-1" },
  ],
  AttemptEnded: [
    "debug",
    { kind: "AttemptEnded", messageId: "m-1", attempt, nextAttemptAt: at },
    { message_id: "m-1", ...attemptFields, next_attempt_at: at.toISOString() },
  ],
  MessageSent: [
    "info",
    {
      kind: "MessageSent",
      messageId: "m-1",
      ...ofConversation,
      mode: "waiting",
      attempts: 2,
      retried: [attempt, attempt],
      possibleDuplicate: true,
      sinceAcceptedMs: 7,
    },
    {
      message_id: "m-1",
      ...conversationFields,
      status: "sent",
      duration_ms: 7,
      attempt_count: 2,
      possible_duplicate: true,
      attempts: [attemptFields, attemptFields],
    },
  ],
  MessageConcluded: [
    "error",
    {
      kind: "MessageConcluded",
      messageId: "m-1",
      ...ofConversation,
      mode: "waiting",
      sinceAcceptedMs: 8,
      as: "exhausted",
      status: "failed",
      mayHaveBeenSent: true,
      attempts: [attempt],
    },
    {
      message_id: "m-1",
      ...conversationFields,
      conclusion: "exhausted",
      status: "failed",
      code: 131000,
      attempt_count: 1,
      duration_ms: 8,
      may_have_been_sent: true,
      attempts: [attemptFields],
    },
  ],
  DuplicateDetected: [
    "warn",
    { kind: "DuplicateDetected", messageId: "m-1", wamids: ["wamid.1", "wamid.2"] },
    { message_id: "m-1", whatsapp_message_ids: ["wamid.1", "wamid.2"] },
  ],
  FailureReported: [
    "info",
    {
      kind: "FailureReported",
      messageId: "m-1",
      attempt: 1,
      wamid: "wamid.1",
      status: "failed",
      code: 131047,
      title: "the 24-hour window is closed",
    },
    {
      message_id: "m-1",
      attempt: 1,
      whatsapp_message_id: "wamid.1",
      status: "failed",
      code: 131047,
      reason: "the 24-hour window is closed",
    },
  ],
  StatusesRecorded: [
    "debug",
    { kind: "StatusesRecorded", applied: 1, parked: 2, unmatched: 3 },
    { applied: 1, parked: 2, unmatched: 3 },
  ],
  MessageErased: [
    "warn",
    { kind: "MessageErased", messageId: "m-1", outlet: { tenantId: "t", outletId: "o" } },
    { message_id: "m-1", tenant_id: "t", outlet_id: "o" },
  ],
  ParkedStatusesForgotten: ["warn", { kind: "ParkedStatusesForgotten", count: 4 }, { count: 4 }],
  WebhookPartUnrecognized: [
    "debug",
    { kind: "WebhookPartUnrecognized", part: "body", reason: "no JSON", count: 1, dropped: true },
    { part: "body", reason: "no JSON", count: 1, msg: "webhook is not JSON: counted, not stored" },
  ],
  OutcomeUnrecorded: [
    "error",
    { kind: "OutcomeUnrecorded", messageId: "m-1", reason: "away" },
    { message_id: "m-1", reason: "away" },
  ],
  TemplatesRead: [
    "debug",
    { kind: "TemplatesRead", tenantId: "t-1", wabaId: "1", count: 7 },
    { tenant_id: "t-1", waba_id: "1", count: 7 },
  ],
  TemplatesUnavailable: [
    "warn",
    { kind: "TemplatesUnavailable", tenantId: "t-1", wabaId: "1", reason: "HTTP 403 with error 200" },
    { tenant_id: "t-1", waba_id: "1", reason: "HTTP 403 with error 200" },
  ],
  HistoryStored: ["debug", { kind: "HistoryStored", messageId: "m-1", lagMs: 7 }, { message_id: "m-1", lag_ms: 7 }],
  HistoryRetried: [
    "warn",
    { kind: "HistoryRetried", messageId: "m-1", retryAt: at, reason: "down", httpStatus: 503 },
    { message_id: "m-1", retry_at: at.toISOString(), reason: "down", http_status: 503 },
  ],
  HistoryDead: [
    "error",
    { kind: "HistoryDead", messageId: "m-1", reason: "answered HTTP 422: no", httpStatus: 422 },
    { message_id: "m-1", reason: "answered HTTP 422: no", http_status: 422, msg: "history rejected permanently" },
  ],
  WebhookForwarded: [
    "debug",
    { kind: "WebhookForwarded", webhookId: "w-1", lagMs: 7 },
    { webhook_id: "w-1", lag_ms: 7 },
  ],
  WebhookRetried: [
    "warn",
    { kind: "WebhookRetried", webhookId: "w-1", retryAt: at, reason: "away" },
    { webhook_id: "w-1", retry_at: at.toISOString(), reason: "away" },
  ],
  WebhookDead: [
    "error",
    { kind: "WebhookDead", webhookId: "w-1", reason: "away" },
    { webhook_id: "w-1", reason: "away" },
  ],
  CallbackDelivered: [
    "debug",
    { kind: "CallbackDelivered", messageId: "m-1", version: 2, tenantId: "t-1", lagMs: 7 },
    { message_id: "m-1", version: 2, tenant_id: "t-1", lag_ms: 7 },
  ],
  CallbackRetried: [
    "warn",
    {
      kind: "CallbackRetried",
      messageId: "m-1",
      version: 2,
      tenantId: "t-1",
      retryAt: at,
      reason: "answered HTTP 503",
      httpStatus: 503,
    },
    {
      message_id: "m-1",
      version: 2,
      tenant_id: "t-1",
      retry_at: at.toISOString(),
      reason: "answered HTTP 503",
      http_status: 503,
    },
  ],
  CallbackDead: [
    "warn",
    {
      kind: "CallbackDead",
      messageId: "m-1",
      version: 2,
      tenantId: "t-1",
      refused: true,
      reason: "answered HTTP 410",
      httpStatus: 410,
    },
    { message_id: "m-1", version: 2, tenant_id: "t-1", reason: "answered HTTP 410", http_status: 410 },
  ],
  QuotaUnsettled: [
    "warn",
    { kind: "QuotaUnsettled", tenantId: "t-1", blockId: "b-1", reason: "away" },
    { tenant_id: "t-1", block_id: "b-1", reason: "away" },
  ],
  PaceChanged: [
    "warn",
    { kind: "PaceChanged", phoneNumberId: "1", state: "throttled", until: at, reason: "away" },
    { phone_number_id: "1", until: at.toISOString(), reason: "away" },
  ],
  OverloadChanged: [
    "warn",
    { kind: "OverloadChanged", level: 2, loopDelayMs: 450, storeWaitMs: 7 },
    { overload_level: 2, loop_delay_ms: 450, store_wait_ms: 7 },
  ],
  PauseBegun: ["warn", { kind: "PauseBegun", pause, replaces: false }, pauseFields],
  PauseEnded: ["info", { kind: "PauseEnded", pause }, pauseFields],
  StatusChanged: [
    "debug",
    { kind: "StatusChanged", messageId: "m-1", from: "sent", to: "delivered" },
    { message_id: "m-1", from: "sent", to: "delivered" },
  ],
  QuotaReserved: [
    "debug",
    { kind: "QuotaReserved", tenantId: "t-1", blockId: "b-1", requested: 100, granted: 7 },
    { tenant_id: "t-1", block_id: "b-1", requested: 100, granted: 7 },
  ],
  QuotaSettled: [
    "debug",
    { kind: "QuotaSettled", tenantId: "t-1", blockId: "b-1", used: 7, before: 3 },
    { tenant_id: "t-1", block_id: "b-1", used: 7 },
  ],
  BackgroundFault: [
    "error",
    { kind: "BackgroundFault", where: "outbox", reason: "away" },
    { where: "outbox", reason: "away" },
  ],
};

const everyEvent = Object.values(samples) as unknown as readonly (readonly [string, TelemetryEvent, object])[];

it.each(everyEvent)("logs at %s: %o", (level, event, fields) => {
  const entry = logged(event);
  expect(entry).toMatchObject({ level, msg: expect.any(String), ...fields });
  for (const name of namesIn(entry)) expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
});

it.each(Object.values(unlogged))("logs nothing of $kind", (event) => {
  expect(linesOf(event)).toEqual([]);
});

it.each([...everyEvent.map(([, event]) => event), ...Object.values(unlogged)])(
  "records an event of $kind at the levels at which it is logged, and at no other",
  (event) => {
    for (const level of ["debug", "info"]) {
      const lines: string[] = [];
      const logger = pino({ level }, { write: (line: string) => void lines.push(line) });
      const telemetry = createLogTelemetry(logger);
      telemetry.record(event);
      // A list of templates that was read lets the next failure be warned of at once, even if its own line is left out.
      expect(telemetry.records?.(event.kind)).toBe(lines.length > 0 || event.kind === "TemplatesRead");
    }
  },
);

it("says that a part that was not understood is stored, if it is", () => {
  const event = {
    kind: "WebhookPartUnrecognized",
    part: "statuses",
    reason: "unknown status: deleted",
    count: 2,
  } as const;
  expect(logged(event)).toMatchObject({
    level: "debug",
    msg: "part of a webhook was not understood: stored as it came",
  });
});

it.each([
  ["exhausted", "failed", false, "error", "delivery failed: no attempts left"],
  ["exhausted", "failed", true, "error", "message abandoned, but it may have been sent: no attempts left"],
  ["exhausted", "unknown", true, "error", "outcome unknown: no attempts left"],
  ["held", "unknown", true, "warn", "outcome unknown"],
  ["cut off", "unknown", true, "warn", "outcome unknown"],
  ["abandoned", "failed", true, "warn", "message abandoned, but it may have been sent"],
  ["refused", "failed", true, "warn", "message abandoned, but it may have been sent"],
  ["refused", "failed", false, "warn", "message not sent"],
  ["expired", "expired", false, "warn", "message not sent"],
  ["failed", "failed", false, "warn", "WhatsApp accepted the message, then reported that it failed"],
] as const)(
  "says no more than is known of one that was %s and is %s (%s)",
  (as, status, mayHaveBeenSent, level, msg) => {
    const event = {
      kind: "MessageConcluded",
      messageId: "m-1",
      ...ofConversation,
      sinceAcceptedMs: 8,
      mode: "queued",
      as,
      status,
      mayHaveBeenSent,
      attempts: [],
    } as const;
    expect(logged(event)).toMatchObject({ level, msg });
  },
);

it("a callback that failed for three days is an error; one that its receiver refused is not", () => {
  const event = { kind: "CallbackDead", messageId: "m-1", version: 2, tenantId: "t-1", reason: "any" } as const;
  expect(logged(event)).toMatchObject({ level: "error", msg: expect.stringContaining("abandoned") });
  expect(logged({ ...event, refused: true })).toMatchObject({ level: "warn", msg: expect.stringContaining("refused") });
});

/** A log store refuses a line whose field has another type than in the lines before. */
it("each field has the same type in all lines, those of requests included", async () => {
  const lines = Object.values(samples).flatMap(([, event]) =>
    linesOf(event).map((line) => JSON.parse(line) as unknown),
  );
  const keepLine = (fields: object, msg: string) => void lines.push(JSON.parse(JSON.stringify({ ...fields, msg })));
  const app = createHttpApp({
    sender: createMessageSender(createTestPorts()),
    access: () => ({ tenants: "all", scopes: ["read"], caller: "key_1" }),
    logger: { info: keepLine, warn: keepLine, error: keepLine },
  });
  for (const path of ["/healthz", "/api/v1/messages/none"]) await app.request(path);
  expect(lines).toHaveLength(Object.keys(samples).length + 2);

  const types = new Map<string, Set<string>>();
  for (const [path, type] of lines.flatMap((line) => typesIn(line))) {
    types.set(path, (types.get(path) ?? new Set()).add(type));
  }
  const mixed = [...types].filter(([, found]) => found.size > 1).map(([path, found]) => [path, ...found]);
  expect(mixed).toEqual([]);
});

/** The path and the type of each value. A list is as its elements are. */
function typesIn(value: unknown, path = ""): readonly (readonly [path: string, type: string])[] {
  if (Array.isArray(value)) return value.flatMap((element) => typesIn(element, path));
  if (typeof value !== "object" || value === null) return [[path, typeof value]];
  return [[path, "object"], ...Object.entries(value).flatMap(([name, inner]) => typesIn(inner, `${path}/${name}`))];
}

function logged(event: TelemetryEvent): unknown {
  const lines = linesOf(event);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? "");
}

function linesOf(event: TelemetryEvent): readonly string[] {
  const lines: string[] = [];
  const logger = pino(
    { level: "trace", formatters: { level: (label) => ({ level: label }) } },
    { write: (line: string) => void lines.push(line) },
  );
  createLogTelemetry(logger).record(event);
  return lines;
}

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const within = Object.values(value).flatMap(namesIn);
  return Array.isArray(value) ? within : [...Object.keys(value), ...within];
}

it("does not put into words why an attempt is repeated where no line says it", () => {
  let read = 0;
  const event: TelemetryEvent = {
    kind: "AttemptEnded",
    messageId: "m-1",
    attempt: {
      number: 1,
      outcome: "Throttled",
      get reason() {
        read += 1;
        return "to be repeated";
      },
    },
  };
  const lines: string[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  createLogTelemetry(logger).record(event);
  expect([lines, read]).toEqual([[], 0]);
  logger.level = "debug";
  createLogTelemetry(logger).record(event);
  expect([lines.length, read]).toEqual([1, 1]);
});

it("says of a message that its first attempt sent that it was sent, and no more", () => {
  const event = { kind: "MessageSent", messageId: "m-1", ...ofConversation, mode: "waiting", attempts: 1 } as const;
  const entry = logged({ ...event, possibleDuplicate: false, sinceAcceptedMs: 7 });
  expect(entry).toMatchObject({ level: "info", msg: "message sent", attempt_count: 1 });
  expect(entry).not.toHaveProperty("attempts");
  expect(entry).not.toHaveProperty("possible_duplicate");
});

it("says once that a list of templates cannot be read, until it was read again", () => {
  const lines: string[] = [];
  const { record } = createLogTelemetry(pino({ level: "info" }, { write: (line: string) => void lines.push(line) }));
  const failed = { kind: "TemplatesUnavailable", tenantId: "t-1", wabaId: "1", reason: "HTTP 500" } as const;
  record(failed);
  record(failed);
  record({ ...failed, tenantId: "t-2" });
  expect(lines).toHaveLength(2);
  record({ kind: "TemplatesRead", tenantId: "t-1", wabaId: "1", count: 0 });
  record(failed);
  expect(lines).toHaveLength(3);
});
