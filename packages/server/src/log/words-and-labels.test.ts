import { readFile } from "node:fs/promises";

import type { ConclusionReason, Outcome, TelemetryEvent } from "@message-sender/core/adapter";
import { exampleOutcomes } from "@message-sender/core/contracts";
import { Registry } from "@prometheus-io/client";
import { describe, expect, it } from "vitest";

import { createPrometheusTelemetry } from "../metrics/prometheus-telemetry.ts";
import { createLogTelemetry } from "./log-telemetry.ts";

const document = await readFile(new URL("../../../../docs/operate.md", import.meta.url), "utf8");

/** A row of the table: which words a field of the log has, and which a label of a metric has for the same. */
interface Row {
  readonly field: string;
  readonly metric: string;
  readonly label: string | undefined;
  /** Each word of the field, with that of the label. */
  readonly words: readonly (readonly [word: string, value: string | undefined])[];
}

const [, section = ""] = /^### From the log to a metric\n([\s\S]*?)^### /m.exec(document) ?? [];
const documented = [...section.matchAll(/^\| (`.*)\|$/gm)].map(([, cells = ""]): Row => {
  const [[field = ""] = [], words = [], [metric = "", label] = [], values = []] = cells.split("|").map(codesIn);
  return { field, metric, label, words: words.map((word, index) => [word, values[index]]) };
});

function codesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

const common = { messageId: "m", conversationId: "c", outlet: { tenantId: "t", outletId: "o" } } as const;
const ended = { ...common, mode: "waiting", sinceAcceptedMs: 7 } as const;
const callback = { messageId: "m", version: 1, tenantId: "t" } as const;
const account = { tenantId: "t", wabaId: "1" } as const;
const retryAt = new Date();
const reason = "any";

/** The compiler says which word is missing. */
const conclusions: Readonly<Record<ConclusionReason | "failed", true>> = {
  exhausted: true,
  refused: true,
  held: true,
  throttled: true,
  interrupted: true,
  "cut off": true,
  expired: true,
  canceled: true,
  abandoned: true,
  failed: true,
};
const paces = ["throttled", "paused", "normal"] as const;

const sent = (possibleDuplicate: boolean): TelemetryEvent => ({
  kind: "MessageSent",
  ...ended,
  attempts: 1,
  possibleDuplicate,
});
const concluded = (as: string, status: "failed" | "unknown" = "failed"): TelemetryEvent => ({
  kind: "MessageConcluded",
  ...ended,
  as: as as ConclusionReason,
  status,
  mayHaveBeenSent: false,
  attempts: [],
});

/** The events of each row of the table, in its order. */
const rows: readonly (readonly [field: string, metric: string, label: string | undefined, events: TelemetryEvent[]])[] =
  [
    ["msg", "messages_ended_total", "outcome", [sent(false)]],
    ["conclusion", "messages_ended_total", "outcome", Object.keys(conclusions).map((as) => concluded(as))],
    ["status", "messages_unknown_total", undefined, [concluded("held", "unknown")]],
    ["possible_duplicate", "possible_duplicates_total", undefined, [sent(true)]],
    [
      "outcome",
      "attempts_total",
      "outcome",
      Object.keys(exampleOutcomes).map((outcome) => ({
        kind: "AttemptEnded",
        messageId: "m",
        attempt: { number: 1, outcome: outcome as Outcome["kind"], reason },
      })),
    ],
    [
      "msg",
      "pace_changes_total",
      "state",
      paces.map((state) => ({ kind: "PaceChanged", phoneNumberId: "1", state, reason })),
    ],
    [
      "msg",
      'outbox_deliveries_total{topic="history"}',
      "result",
      [
        { kind: "HistoryStored", messageId: "m", lagMs: 7 },
        { kind: "HistoryRetried", messageId: "m", retryAt, reason },
        { kind: "HistoryDead", messageId: "m", reason },
      ],
    ],
    [
      "msg",
      'outbox_deliveries_total{topic="webhook"}',
      "result",
      [
        { kind: "WebhookForwarded", webhookId: "w", lagMs: 7 },
        { kind: "WebhookRetried", webhookId: "w", retryAt, reason },
        { kind: "WebhookDead", webhookId: "w", reason },
      ],
    ],
    [
      "msg",
      'outbox_deliveries_total{topic="status"}',
      "result",
      [
        { kind: "CallbackDelivered", ...callback, lagMs: 7 },
        { kind: "CallbackRetried", ...callback, retryAt, reason },
        { kind: "CallbackDead", ...callback, reason },
        { kind: "CallbackDead", ...callback, refused: true, reason },
      ],
    ],
    [
      "msg",
      "template_lists_total",
      "result",
      [
        { kind: "TemplatesRead", ...account, count: 7 },
        { kind: "TemplatesUnavailable", ...account, reason },
      ],
    ],
  ];

/** What a field of the event's line says, and with which value of the label the metric counts the event. */
async function wordsOf(field: string, metric: string, label: string | undefined, event: TelemetryEvent) {
  let line: Readonly<Record<string, unknown>> = {};
  const write = (fields: object, msg: string) => void (line = { ...fields, msg });
  createLogTelemetry({ debug: write, info: write, warn: write, error: write }).record(event);

  const registry = new Registry();
  createPrometheusTelemetry(registry).record(event);
  const [name, topic = ""] = metric.split(/[{}]/);
  const counted = (await registry.metrics())
    .split("\n")
    .filter((sample) => new RegExp(`^message_sender_${name}(?:\\{|\\s)`).test(sample) && sample.endsWith(" 1"));
  expect(counted).toHaveLength(1);
  expect(counted[0]).toContain(topic);
  return [String(line[field]), new RegExp(`\\b${label}="([^"]*)"`).exec(counted[0] ?? "")?.[1]] as const;
}

describe("the table of docs/operate.md that leads from the log to metrics", () => {
  it.each(rows)("has each word of %s that %s counts by its %s, and no other", async (field, metric, label, events) => {
    const words = await Promise.all(events.map((event) => wordsOf(field, metric, label, event)));
    expect(documented).toContainEqual({ field, metric: `message_sender_${metric}`, label, words });
  });

  it("has no other row", () => {
    expect(documented.map(({ field, metric }) => [field, metric])).toEqual(
      rows.map(([field, metric]) => [field, `message_sender_${metric}`]),
    );
  });
});
