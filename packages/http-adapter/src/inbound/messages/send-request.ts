import type { SendMessageCommand } from "@message-sender/core";
import { isIdempotencyKey, marketingRule } from "@message-sender/core/adapter";
import { type Content, parseContent } from "@message-sender/core/content";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { pointerOf } from "../problems/pointer.ts";
import { parsePrefer } from "./prefer.ts";
import { invalidRequest, type Problem, type FieldError } from "../problems/problem.ts";
import { fieldsOf } from "../bodies/json-fields.ts";
import {
  errorsOf,
  identifierField,
  isAbsent,
  recipientField,
  requestBody,
  stringField,
  wamidField,
} from "../fields/request-field.ts";

const notYet = z
  .never({ error: "is not supported yet" })
  .nullish()
  .describe("Reserved for a later version. A value is rejected.");

export const sendBody = requestBody({
  tenant_id: identifierField.describe("The customer of the platform who sends the message."),
  outlet_id: identifierField.describe("The tenant's outlet, whose WhatsApp number sends the message."),
  conversation_id: identifierField.describe("The conversation in whose history the message is stored."),
  to: recipientField.describe("The recipient: an E.164 number with a leading +, or a business-scoped user id."),
  message_type: stringField.describe("Meta's `type` of the message."),
  message: z
    .unknown()
    .refine((given) => !isAbsent(given), { error: "is missing" })
    .describe("Meta's object of that type. A text may also be given as a string."),
  reply_to: wamidField.nullish().describe("The WhatsApp id of the message to which this one replies."),
  reference: stringField
    .refine((text) => text.length <= 255 && text.isWellFormed() && !/\p{Cc}/u.test(text), {
      error: "must be a string of up to 255 characters without control characters",
    })
    .meta({ maxLength: 255 })
    .nullish()
    .describe("Your own id of the message. Answers and callbacks repeat it."),
  on_ambiguous: z
    .enum(["resend", "verify", "hold"], { error: "must be resend, verify or hold" })
    .nullish()
    .describe(
      "What happens when WhatsApp gave no readable answer and may have sent the message. `resend`: send it again. `verify`: wait for a status webhook first. `hold`: stop. Default: the server's ON_AMBIGUOUS.",
    ),
  via: z
    .enum(["cloud", "marketing"], { error: "must be cloud or marketing" })
    .nullish()
    .describe(
      "Which of Meta's APIs sends the message. `marketing`: the Marketing Messages API, which takes templates only. Default: the outlet's `template_messages_via`.",
    ),
  ttl_seconds: notYet,
  scheduled_at: notYet,
}).meta({ id: "SendMessage" });

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
  const parsed = sendBody.safeParse(body);
  const content = contentOf(parsed.success ? parsed.data : (fieldsOf(body) ?? {}));
  if (!parsed.success || content.isErr()) {
    const ofContent = content.isErr() ? content.error : [];
    const errors = [...errorsOf(parsed.error?.issues ?? []), ...ofContent];
    return err(invalidRequest("The message is invalid.", errors));
  }

  const { tenant_id, outlet_id, conversation_id, to, reply_to, reference, on_ambiguous, via } = parsed.data;
  return ok({
    tenantId: tenant_id,
    outletId: outlet_id,
    conversationId: conversation_id,
    to,
    content: content.value,
    traceparent,
    ...(!isAbsent(reply_to) && { replyTo: reply_to }),
    ...(!isAbsent(reference) && { reference }),
    ...(via && { via }),
    ...(on_ambiguous && { onAmbiguous: on_ambiguous }),
    ...(preferences.waitSeconds !== undefined && { waitMs: preferences.waitSeconds * 1000 }),
    ...(idempotencyKey !== undefined && { idempotency: { key: idempotencyKey, body } }),
  });
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
