import { inRealTime, type ReadReceipts, type ReadReceiptOutcome } from "@message-sender/core/adapter";
import { ok, ResultAsync } from "neverthrow";
import { z } from "zod";

import { createGraphExchange, type GraphExchangeOptions } from "./graph-exchange.ts";
import { json } from "./graph-head.ts";

const takenSchema = z.object({ success: z.literal(true) });

const wanted = "`success: true`";

/** Marks messages as read through Meta's Cloud API. */
export function createGraphReadReceipts(options: GraphExchangeOptions): ReadReceipts {
  const exchange = createGraphExchange(options);
  const read = (body: unknown): ReadReceiptOutcome | undefined =>
    takenSchema.safeParse(body).success ? { kind: "ReadConfirmed" } : undefined;

  return inRealTime<ReadReceipts>({
    mark({ credential, whatsappMessageId, typing }, timeoutMs, mayBegin) {
      const body = JSON.stringify({
        messaging_product: "whatsapp",
        status: "read",
        message_id: whatsappMessageId,
        ...(typing && { typing_indicator: { type: "text" } }),
      });
      const call = { credential, edge: "messages", contentType: json, body, read, wanted, mayBegin } as const;
      return new ResultAsync(exchange(call, timeoutMs, (taken) => taken.orElse((outcome) => ok(outcome))));
    },
  });
}
