import type { Pause } from "@message-sender/core";
import type { AttemptSummary, Telemetry, TelemetryEvent } from "@message-sender/core/adapter";

import type { Logger } from "../logger-port.ts";
import { createHourly, type Hourly } from "./hourly.ts";

/**
 * Logs one line per event. What became of a message is one line at `info` or above, with all its attempts; the steps on the way are at
 * `debug`.
 */
export function createLogTelemetry(logger: Logger): Telemetry {
  const unreadTemplates = createHourly(() => performance.now());
  return {
    record: (event) => log(logger, event, unreadTemplates),
    records: (kind) => !onlyCounted.has(kind) && (!atDebug.has(kind) || logger.isLevelEnabled?.("debug") !== false),
  };
}

type Kinds = ReadonlySet<TelemetryEvent["kind"]>;

/** Events without a line: another line says the same, or there would be too many lines. */
const onlyCounted: Kinds = new Set(["CallAnswered", "PermitWaited", "StoreBatchEnded", "RequestAnswered"]);

/** Events that do nothing but write a line at `debug`. */
const atDebug: Kinds = new Set([
  "MessageAccepted",
  "AttemptEnded",
  "StatusesRecorded",
  "WebhookPartUnrecognized",
  "HistoryStored",
  "WebhookForwarded",
  "CallbackDelivered",
  "StatusChanged",
  "QuotaReserved",
  "QuotaSettled",
]);

function log(logger: Logger, event: TelemetryEvent, unreadTemplates: Hourly): void {
  switch (event.kind) {
    case "MessageAccepted":
      return logger.debug(
        { message_id: event.messageId, tenant_id: event.outlet.tenantId, outlet_id: event.outlet.outletId },
        "message accepted",
      );
    case "AttemptEnded":
      if (logger.isLevelEnabled?.("debug") === false) return;
      return logger.debug(
        {
          message_id: event.messageId,
          ...attemptFields(event.attempt),
          next_attempt_at: event.nextAttemptAt,
        },
        "attempt ended",
      );
    case "MessageSent":
      return logger.info(
        {
          ...outcomeFields(event),
          status: "sent",
          attempt_count: event.attempts,
          possible_duplicate: event.possibleDuplicate || undefined,
          attempts: event.retried?.map(attemptFields),
        },
        "message sent",
      );
    case "MessageConcluded": {
      const fields = {
        ...outcomeFields(event),
        status: event.status,
        conclusion: event.as,
        code: event.attempts.at(-1)?.code,
        attempt_count: event.attempts.length,
        may_have_been_sent: event.mayHaveBeenSent || undefined,
        attempts: event.attempts.map(attemptFields),
      };
      if (event.as === "exhausted") return logger.error(fields, `${whatIsKnown(event)}: no attempts left`);
      return logger.warn(fields, whatIsKnown(event));
    }
    case "DuplicateDetected":
      return logger.warn(
        { message_id: event.messageId, whatsapp_message_ids: event.wamids },
        "WhatsApp accepted one message more than once",
      );
    case "FailureReported":
      return logger.info(
        {
          message_id: event.messageId,
          attempt: event.attempt,
          whatsapp_message_id: event.wamid,
          status: event.status,
          code: event.code,
          reason: event.title,
        },
        "WhatsApp reported that an attempt failed",
      );
    case "StatusesRecorded":
      return logger.debug(
        { applied: event.applied, parked: event.parked, unmatched: event.unmatched },
        "statuses recorded",
      );
    case "WebhookPartUnrecognized":
      return logger.debug(
        { part: event.part, count: event.count, reason: event.reason },
        event.dropped
          ? "webhook is not JSON: counted, not stored"
          : "part of a webhook was not understood: stored as it came",
      );
    case "ParkedStatusesForgotten":
      return logger.warn({ count: event.count }, "too many statuses of unknown messages: dropped the oldest");
    case "MessageErased":
      return logger.warn(
        { message_id: event.messageId, tenant_id: event.outlet.tenantId, outlet_id: event.outlet.outletId },
        "retention time over, but the message is still needed: its recipient and content were erased",
      );
    case "OutcomeUnrecorded":
      return logger.error(
        { message_id: event.messageId, reason: event.reason },
        "the store became unavailable during an attempt: its outcome is recorded later",
      );
    case "HistoryStored":
      return logger.debug({ message_id: event.messageId, lag_ms: event.lagMs }, "history stored");
    case "HistoryRetried":
      return logger.warn(
        {
          message_id: event.messageId,
          retry_at: event.retryAt,
          http_status: event.httpStatus,
          reason: event.reason,
        },
        "history not stored: will be retried",
      );
    case "HistoryDead":
      return logger.error(
        { message_id: event.messageId, http_status: event.httpStatus, reason: event.reason },
        "history rejected permanently",
      );
    case "WebhookForwarded":
      return logger.debug({ webhook_id: event.webhookId, lag_ms: event.lagMs }, "webhook forwarded");
    case "WebhookRetried":
      return logger.warn(
        { webhook_id: event.webhookId, retry_at: event.retryAt, reason: event.reason },
        "webhook not forwarded: will be retried",
      );
    case "WebhookDead":
      return logger.error({ webhook_id: event.webhookId, reason: event.reason }, "webhook forwarding abandoned");
    case "CallbackDelivered":
      return logger.debug({ ...callbackFields(event), lag_ms: event.lagMs }, "status callback delivered");
    case "CallbackRetried":
      return logger.warn(
        { ...callbackFields(event), retry_at: event.retryAt, http_status: event.httpStatus, reason: event.reason },
        "status callback not delivered: will be retried",
      );
    case "CallbackDead": {
      const fields = { ...callbackFields(event), http_status: event.httpStatus, reason: event.reason };
      // The receiver has decided, and nothing is broken.
      if (event.refused)
        return logger.warn(fields, "status callback refused by its receiver: it can be replayed or discarded");
      return logger.error(fields, "status callback abandoned: it can be replayed or discarded");
    }
    case "TemplatesRead":
      unreadTemplates.clear(accountOf(event));
      return logger.debug(
        { tenant_id: event.tenantId, waba_id: event.wabaId, count: event.count },
        "list of templates read",
      );
    case "TemplatesUnavailable":
      if (!unreadTemplates.isDue(accountOf(event))) return;
      return logger.warn(
        { tenant_id: event.tenantId, waba_id: event.wabaId, reason: event.reason },
        "list of templates cannot be read: messages are sent without a check of their template",
      );
    case "QuotaUnsettled":
      return logger.warn(
        { tenant_id: event.tenantId, block_id: event.blockId, reason: event.reason },
        "quota block not settled: will be retried",
      );
    case "PaceChanged": {
      const fields = { phone_number_id: event.phoneNumberId, until: event.until, reason: event.reason };
      return event.state === "normal"
        ? logger.info(fields, "number back to its normal pace")
        : logger.warn(fields, `number ${event.state}`);
    }
    case "OverloadChanged": {
      const fields = {
        overload_level: event.level,
        loop_delay_ms: event.loopDelayMs,
        store_wait_ms: event.storeWaitMs,
      };
      return event.level === 0
        ? logger.info(fields, "overload ended: all requests are served")
        : logger.warn(fields, `overloaded: ${refusedAt[event.level]} are refused`);
    }
    case "PauseBegun":
      return logger.warn(pauseFields(event.pause), `${event.pause.kind} paused`);
    case "PauseEnded":
      return logger.info(pauseFields(event.pause), `pause of ${event.pause.kind} ended`);
    case "StatusChanged":
      return logger.debug({ message_id: event.messageId, from: event.from, to: event.to }, "status changed");
    case "QuotaReserved":
      return logger.debug(
        {
          tenant_id: event.tenantId,
          block_id: event.blockId,
          requested: event.requested,
          granted: event.granted,
        },
        "quota block reserved",
      );
    case "QuotaSettled":
      return logger.debug(
        { tenant_id: event.tenantId, block_id: event.blockId, used: event.used },
        "quota block settled",
      );
    case "BackgroundFault":
      return logger.error({ where: event.where, reason: event.reason }, "background work failed");
    case "CallAnswered":
    case "PermitWaited":
    case "StoreBatchEnded":
    case "RequestAnswered":
      return;
  }
}

function whatIsKnown({ as, status, mayHaveBeenSent }: Extract<TelemetryEvent, { kind: "MessageConcluded" }>): string {
  if (status === "unknown") return "outcome unknown";
  if (as === "failed") return "WhatsApp accepted the message, then reported that it failed";
  if (mayHaveBeenSent) return "message abandoned, but it may have been sent";
  return as === "exhausted" ? "delivery failed" : "message not sent";
}

function outcomeFields(event: Extract<TelemetryEvent, { kind: "MessageSent" | "MessageConcluded" }>): object {
  const { messageId, outlet, conversationId, sinceAcceptedMs } = event;
  return {
    message_id: messageId,
    tenant_id: outlet.tenantId,
    outlet_id: outlet.outletId,
    conversation_id: conversationId,
    duration_ms: sinceAcceptedMs,
  };
}

function accountOf({ tenantId, wabaId }: { readonly tenantId: string; readonly wabaId: string }): string {
  return `${wabaId}/${tenantId}`;
}

const refusedAt = {
  1: "batches and queued messages",
  2: "sends",
  3: "sends and reads",
  4: "sends, reads and webhooks",
} as const;

function pauseFields({ id, tenantId, name, language, wabaId, until, reason, by }: Pause): object {
  return { pause_id: id, tenant_id: tenantId, name, language, waba_id: wabaId, until, reason, by };
}

type CallbackEvent = Extract<TelemetryEvent, { kind: "CallbackDelivered" | "CallbackRetried" | "CallbackDead" }>;

function callbackFields({ messageId, version, tenantId }: CallbackEvent): object {
  return { message_id: messageId, version, tenant_id: tenantId };
}

function attemptFields(summary: AttemptSummary): object {
  const { number, outcome, durationMs, waitedMs, code, httpStatus, reason } = summary;
  return {
    attempt: number,
    outcome,
    duration_ms: durationMs,
    waited_ms: waitedMs,
    code,
    http_status: httpStatus,
    reason,
  };
}
