import type { ListMessagesQuery } from "@message-sender/core";
import { defaultPage, isIdempotencyKey, isReference, largestPage, messageStatuses } from "@message-sender/core/adapter";
import { z } from "zod";

import { cursorParameter, limitParameter, sinceParameter, untilParameter } from "../fields/query-fields.ts";
import { identifierField, recipientField, wamidField } from "../fields/request-field.ts";

/** A `+` that is not escaped means a space in a query. No recipient begins with a space. */
const recipientParameter = z
  .preprocess((given) => (typeof given === "string" ? given.replace(/^ /, "+") : given), recipientField)
  .describe(
    "The recipient: an E.164 number with its `+`, which a query writes as `%2B`, or a business-scoped user id.",
  );

/** The query of the list of messages. */
export const listQuery = z.object({
  tenant_id: identifierField.describe("Default: every tenant that the caller may see.").optional(),
  outlet_id: identifierField.optional(),
  conversation_id: identifierField.optional(),
  status: z.enum(messageStatuses, { error: `must be one of ${messageStatuses.join(", ")}` }).optional(),
  to: recipientParameter.optional(),
  reference: z
    .string()
    .refine(isReference, { error: "must be a string of up to 255 characters" })
    .meta({ maxLength: 255 })
    .describe("Your own id of the message. Several messages may have the same one.")
    .optional(),
  whatsapp_message_id: wamidField.describe("Any of the ids that WhatsApp gave the message.").optional(),
  idempotency_key: z
    .string()
    .refine(isIdempotencyKey, { error: "must be 1–255 visible ASCII characters" })
    .meta({ minLength: 1, maxLength: 255 })
    .describe("The Idempotency-Key of the send. Needs `tenant_id`, because each tenant has its own keys.")
    .optional(),
  since: sinceParameter.optional(),
  until: untilParameter.optional(),
  limit: limitParameter(largestPage, defaultPage).describe(
    "The most messages of a page. A page may be shorter, also if there is a next one.",
  ),
  cursor: cursorParameter.optional(),
});

type Given = z.output<typeof listQuery>;

/** The query of a caller that sees only these tenants. A tenant in the query is one of them. */
export function listMessagesQuery({ limit, ...filters }: Given, seen: "all" | ReadonlySet<string>): ListMessagesQuery {
  return { limit, ...filterQuery(filters, seen) };
}

/** The same without the size of a page. */
export function filterQuery(
  given: Omit<Given, "limit">,
  seen: "all" | ReadonlySet<string>,
): Omit<ListMessagesQuery, "limit"> {
  const { tenant_id = seen === "all" ? undefined : [...seen], outlet_id, conversation_id, status, to } = given;
  const { reference, whatsapp_message_id, idempotency_key, since, until, cursor } = given;
  return {
    ...(tenant_id !== undefined && { tenantId: tenant_id }),
    ...(outlet_id !== undefined && { outletId: outlet_id }),
    ...(conversation_id !== undefined && { conversationId: conversation_id }),
    ...(status !== undefined && { status }),
    ...(to !== undefined && { to }),
    ...(reference !== undefined && { reference }),
    ...(whatsapp_message_id !== undefined && { whatsappMessageId: whatsapp_message_id }),
    ...(idempotency_key !== undefined && { idempotencyKey: idempotency_key }),
    ...(since && { since }),
    ...(until && { until }),
    ...(cursor !== undefined && { cursor }),
  };
}
