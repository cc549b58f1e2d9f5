import type { SendMessageCommand } from "@message-sender/core";
import { isIdempotencyKey, marketingRule } from "@message-sender/core/adapter";
import { type Content, parseContent } from "@message-sender/core/content";
import { err, ok, type Result } from "neverthrow";

import { pointerOf } from "../problems/pointer.ts";
import { parsePrefer } from "./prefer.ts";
import { invalidRequest, type Problem, type FieldError } from "../problems/problem.ts";
import { fieldsOf } from "../bodies/json-fields.ts";
import { errorsOf, isAbsent } from "../fields/request-field.ts";
import { type ParsedSend, plainSendOf } from "./plain-send.ts";
import { sendBody } from "./send-body.ts";

/** The headers that control a send. */
export interface SendHeaders {
  readonly idempotencyKey: string | undefined;
  readonly prefer: string | undefined;
  readonly traceparent: string;
}

/** Parses a body and its headers into a command. */
export function parseSendRequest(body: unknown, headers: SendHeaders): Result<SendMessageCommand, Problem> {
  const preferences = parsePrefer(headers.prefer);
  if (!preferences) return err(invalidRequest("The `wait` of the Prefer header is not a number of seconds."));
  if (preferences.respondAsync) return err(invalidRequest("Prefer: respond-async is not supported yet."));
  const { idempotencyKey, traceparent } = headers;
  if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) {
    return err(invalidRequest("The Idempotency-Key must be a single value of 1–255 visible ASCII characters."));
  }
  const plain = plainSendOf(body);
  return (plain ? ok(plain) : parseBody(body)).map(({ fields, content }) => ({
    tenantId: fields.tenant_id,
    outletId: fields.outlet_id,
    conversationId: fields.conversation_id,
    to: fields.to,
    content,
    traceparent,
    ...(!isAbsent(fields.reply_to) && { replyTo: fields.reply_to }),
    ...(!isAbsent(fields.reference) && { reference: fields.reference }),
    ...(fields.via && { via: fields.via }),
    ...(fields.on_ambiguous && { onAmbiguous: fields.on_ambiguous }),
    ...(preferences.waitSeconds !== undefined && { waitMs: preferences.waitSeconds * 1000 }),
    ...(idempotencyKey !== undefined && { idempotency: { key: idempotencyKey, body } }),
  }));
}

/** Parses any body. The error names everything that is wrong with it. */
function parseBody(body: unknown): Result<ParsedSend, Problem> {
  const parsed = sendBody.safeParse(body);
  const content = contentOf(parsed.success ? parsed.data : (fieldsOf(body) ?? {}));
  if (parsed.success && content.isOk()) return ok({ fields: parsed.data, content: content.value });
  const ofContent = content.isErr() ? content.error : [];
  return err(invalidRequest("The message is invalid.", [...errorsOf(parsed.error?.issues ?? []), ...ofContent]));
}

/** The fields of a message's content, valid or not. */
type ContentFields = { readonly [name in "message_type" | "message" | "reply_to" | "via"]?: unknown };

/** A missing or mistyped field is reported by its own check. */
function contentOf({ message_type, message, reply_to, via }: ContentFields): Result<Content, readonly FieldError[]> {
  if (typeof message_type !== "string") return err([]);
  const content = parsedContent(message_type, message ?? undefined);
  if (message_type === "reaction" && !isAbsent(reply_to)) {
    return err([besideReaction, ...(content.isErr() ? content.error : [])]);
  }
  if (message_type !== "template" && via === "marketing") {
    return err([notTemplate, ...(content.isErr() ? content.error : [])]);
  }
  return content;
}

const notTemplate = { pointer: "/via", detail: marketingRule };

const besideReaction = {
  pointer: "/reply_to",
  detail: "is not allowed for a reaction, which names its own message",
};

/** A text message may be given as a string. */
function parsedContent(type: string, message: unknown): Result<Content, readonly FieldError[]> {
  const isText = type === "text";
  const isPlainText = isText && typeof message === "string";
  const isObject = typeof message === "object" && !Array.isArray(message);
  if (isText && message !== undefined && !isPlainText && !isObject) {
    return err([{ pointer: "/message", detail: "must be a string or Meta's text object" }]);
  }
  return parseContent(type, isPlainText ? { body: message } : message).mapErr((problems) =>
    problems.flatMap(({ path, detail }): readonly FieldError[] => {
      const [first, ...rest] = path;
      if (first === "type") return [{ pointer: "/message_type", detail }];
      if (message === undefined) return [];
      return [{ pointer: pointerOf(isPlainText ? ["message"] : ["message", ...rest]), detail }];
    }),
  );
}
