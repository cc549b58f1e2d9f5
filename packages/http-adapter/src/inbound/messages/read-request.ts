import type { MarkReadCommand } from "@message-sender/core";
import { fieldRules, isWamid } from "@message-sender/core/adapter";
import { err, ok, type Result } from "neverthrow";
import { z } from "zod";

import { invalidRequest, type Problem } from "../problems/problem.ts";
import { errorsOf, identifierField, requestBody, stringField } from "../requests/request-field.ts";

const readBody = requestBody({
  tenant_id: identifierField,
  outlet_id: identifierField,
  whatsapp_message_id: stringField.refine(isWamid, { error: fieldRules.wamid }),
  typing: z.boolean({ error: "must be true or false" }).nullish(),
});

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
