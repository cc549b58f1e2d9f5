import type { EnqueueMessageCommand, SendMessageCommand } from "@message-sender/core";
import { isIdempotencyKey } from "@message-sender/core/adapter";
import { err, type Result } from "neverthrow";

import { isAbsent } from "../fields/request-field.ts";
import { invalidRequest, type Problem } from "../problems/problem.ts";
import { parseSend } from "./parse-send.ts";
import type { ParsedSend } from "./plain-send.ts";
import { parsePrefer, type Preferences } from "./prefer.ts";

/** The headers that control a send. */
export interface SendHeaders {
  readonly idempotencyKey: string | undefined;
  readonly prefer: string | undefined;
  readonly traceparent: string;
}

/** What a request to send asks for. */
export interface SendRequest {
  readonly command: SendMessageCommand & EnqueueMessageCommand;
  /** Whether the message goes to the queue, so that the call does not wait for it. */
  readonly isQueued: boolean;
  /** The preference of the Prefer header that is applied. */
  readonly appliedPreference: string | undefined;
}

/** Parses a body and its headers. */
export function parseSendRequest(body: unknown, headers: SendHeaders): Result<SendRequest, Problem> {
  const preferences = parsePrefer(headers.prefer);
  if (!preferences) return err(invalidRequest("The `wait` of the Prefer header is not a number of seconds."));
  const { idempotencyKey, traceparent } = headers;
  if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) {
    return err(invalidRequest("The Idempotency-Key must be a single value of 1–255 visible ASCII characters."));
  }
  return parseSend(body).map((parsed) => {
    const isQueued = preferences.respondAsync || !isAbsent(parsed.fields.scheduled_at);
    const command = {
      ...messageOf(parsed),
      traceparent,
      ...(isQueued ? queueTimesOf(parsed) : waitOf(parsed, preferences)),
      ...(idempotencyKey !== undefined && { idempotency: { key: idempotencyKey, body } }),
    };
    return { command, isQueued, appliedPreference: appliedOf(preferences, isQueued) };
  });
}

/** What a command has of the body, however it is sent. */
export function messageOf({ fields, content }: ParsedSend): SendMessageCommand {
  return {
    tenantId: fields.tenant_id,
    outletId: fields.outlet_id,
    conversationId: fields.conversation_id,
    to: fields.to,
    content,
    ...(!isAbsent(fields.reply_to) && { replyTo: fields.reply_to }),
    ...(!isAbsent(fields.reference) && { reference: fields.reference }),
    ...(fields.via && { via: fields.via }),
    ...(fields.on_ambiguous && { onAmbiguous: fields.on_ambiguous }),
  };
}

/** When the queue may send a message. */
export function queueTimesOf({ fields }: ParsedSend): Pick<EnqueueMessageCommand, "ttlMs" | "scheduledAt"> {
  return {
    ...(!isAbsent(fields.ttl_seconds) && { ttlMs: fields.ttl_seconds * 1000 }),
    ...(!isAbsent(fields.scheduled_at) && { scheduledAt: new Date(fields.scheduled_at) }),
  };
}

/** A call waits no longer than its message lives. */
function waitOf({ fields }: ParsedSend, { waitSeconds }: Preferences): Pick<SendMessageCommand, "waitMs"> {
  if (isAbsent(fields.ttl_seconds) && waitSeconds === undefined) return {};
  return { waitMs: Math.min(fields.ttl_seconds ?? Infinity, waitSeconds ?? Infinity) * 1000 };
}

function appliedOf({ respondAsync, waitSeconds }: Preferences, isQueued: boolean): string | undefined {
  if (respondAsync) return "respond-async";
  return isQueued || waitSeconds === undefined ? undefined : `wait=${waitSeconds}`;
}
