import { isIdempotencyKey, isRecipient, isWamid, type SendMessageCommand } from "@message-sender/core";
import { parseContent } from "@message-sender/core/schemas";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { parsePrefer } from "./prefer.ts";
import { invalidRequest, type Problem, type RequestError } from "./problem.ts";
import { pointerOf } from "./problem-details.ts";
import { errorsOf, requestBody, stringField, uuidField } from "./request-field.ts";

const notYet = z.never({ error: "is not supported yet" }).optional();

const sendBody = requestBody({
  tenant_id: uuidField,
  outlet_id: uuidField,
  conversation_id: uuidField,
  to: stringField.refine(isRecipient, {
    error: "is not an E.164 number with its +, nor a business-scoped user id",
  }),
  message_type: stringField,
  message: z.nonoptional(z.unknown(), { error: "is missing" }),
  reply_to: stringField.refine(isWamid, { error: "is not the id of a WhatsApp message" }).optional(),
  reference: stringField
    .refine((text) => text.length <= 255 && text.isWellFormed() && !/\p{Cc}/u.test(text), {
      error: "is not up to 255 characters without control characters",
    })
    .optional(),
  on_ambiguous: z.enum(["resend", "verify", "hold"], { error: "is not resend, verify or hold" }).optional(),
  ttl_seconds: notYet,
  scheduled_at: notYet,
}).refine(({ reply_to, message_type }) => reply_to === undefined || message_type !== "reaction", {
  path: ["reply_to"],
  error: "does not go with a reaction, which names its message itself",
});

/** The headers that say how a send is to be treated. */
export interface SendHeaders {
  readonly idempotencyKey: string | undefined;
  readonly prefer: string | undefined;
  readonly traceparent: string;
}

/** Reads a body and its headers as the command that they stand for. */
export function parseSendRequest(body: unknown, headers: SendHeaders): Result<SendMessageCommand, Problem> {
  const preferences = parsePrefer(headers.prefer);
  if (!preferences) return err(invalidRequest("The Prefer header's wait is not a number of seconds."));
  if (preferences.respondAsync) return err(invalidRequest("Prefer: respond-async is not supported yet."));
  const { idempotencyKey, traceparent } = headers;
  if (idempotencyKey !== undefined && !isIdempotencyKey(idempotencyKey)) {
    return err(invalidRequest("The Idempotency-Key is not one value of 1–255 visible ASCII characters."));
  }
  const parsed = sendBody.safeParse(body);
  const errors = errorsOf(parsed.error?.issues ?? []);
  const content = parsed.success ? contentOf(parsed.data) : undefined;
  if (content?.isErr()) errors.push(...content.error);
  if (!parsed.success || !content?.isOk())
    return err(invalidRequest("The message is not one that can be sent.", errors));

  const { tenant_id, outlet_id, conversation_id, to, reply_to, reference, on_ambiguous } = parsed.data;
  return ok({
    tenantId: tenant_id,
    outletId: outlet_id,
    conversationId: conversation_id,
    to,
    content: content.value,
    traceparent,
    ...(reply_to !== undefined && { replyTo: reply_to }),
    ...(reference !== undefined && { reference }),
    ...(on_ambiguous && { onAmbiguous: on_ambiguous }),
    ...(preferences.waitSeconds !== undefined && { waitMs: preferences.waitSeconds * 1000 }),
    ...(idempotencyKey !== undefined && { idempotency: { key: idempotencyKey, body } }),
  });
}

/** A text may be given as its body alone. */
function contentOf({ message_type, message }: z.infer<typeof sendBody>) {
  const isText = message_type === "text";
  const isPlainText = isText && typeof message === "string";
  const isObject = typeof message === "object" && message !== null && !Array.isArray(message);
  if (isText && message !== undefined && !isPlainText && !isObject) {
    return err([{ pointer: "/message", detail: "is neither a text (a string) nor Meta's text object" }]);
  }
  return parseContent(message_type, isPlainText ? { body: message } : message).mapErr((problems) =>
    problems.map(({ path, detail }): RequestError => {
      const [first, ...rest] = path;
      if (first === "type") return { pointer: "/message_type", detail };
      return { pointer: pointerOf(isPlainText ? ["message"] : ["message", ...rest]), detail };
    }),
  );
}
