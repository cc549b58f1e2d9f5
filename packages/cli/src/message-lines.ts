import { withoutInvisible } from "@message-sender/server/process";
import { z } from "zod";

import { table } from "./table.ts";

const shown = z
  .string()
  .transform((value) => withoutInvisible(value.replace(/\p{Cc}/gu, " ")))
  .optional()
  .catch(undefined);

const rowSchema = z.object({
  message_id: shown,
  queued_at: shown,
  status: shown,
  tenant_id: shown,
  to: shown,
  message_type: shown,
  reference: shown,
});

/** Messages' records as lines with aligned columns, the names of the columns first. No messages, no lines. */
export function messageLines(messages: readonly unknown[]): readonly string[] {
  return table(
    messages.flatMap((message) => {
      const parsed = rowSchema.safeParse(message);
      if (!parsed.success) return [];
      const { message_id, queued_at, status, tenant_id, to, message_type, reference } = parsed.data;
      return {
        accepted: queued_at ?? "",
        "message id": message_id ?? "",
        status: status ?? "",
        to: to ?? "",
        type: message_type ?? "",
        reference: reference ?? "",
        tenant: tenant_id ?? "",
      };
    }),
  );
}
