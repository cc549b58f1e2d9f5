import type { MarkReadCommand } from "@message-sender/core";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { invalidRequest, type Problem } from "../problems/problem.ts";
import { errorsOf, identifierField, requestBody, wamidField } from "../fields/request-field.ts";

export const readBody = requestBody({
  tenant_id: identifierField,
  outlet_id: identifierField.describe("The outlet that received the message."),
  whatsapp_message_id: wamidField.describe("The WhatsApp id of the received message, from its webhook."),
  typing: z
    .boolean({ error: "must be true or false" })
    .nullish()
    .describe("Whether the customer also sees a typing indicator."),
}).meta({ id: "MarkAsRead" });

/** Parses a body into the command to mark a message as read. */
export function parseReadRequest(body: unknown): Result<MarkReadCommand, Problem> {
  const parsed = readBody.safeParse(body);
  if (parsed.success) {
    const { tenant_id, outlet_id, whatsapp_message_id, typing } = parsed.data;
    return ok({
      tenantId: tenant_id,
      outletId: outlet_id,
      whatsappMessageId: whatsapp_message_id,
      typing: typing ?? false,
    });
  }
  return err(invalidRequest("The request to mark a message as read is invalid.", errorsOf(parsed.error.issues)));
}
