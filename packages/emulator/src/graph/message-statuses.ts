import { z } from "#zod";

import { isSameRecipient } from "../faults/recipients.ts";
import { isRecord } from "../json/records.ts";
import type { GraphMessage } from "./graph-message.ts";

/** The `message_status` in the answer to a send. */
export interface MessageStatusRule {
  readonly messageStatus: "accepted" | "held_for_quality_assessment" | "paused" | (string & {});
  /** Applies only to messages of this template. */
  readonly template?: string;
  /** Applies only to messages to this recipient; `+`, spaces, dashes and parentheses are ignored. */
  readonly to?: string;
}

export const messageStatusesSchema: z.ZodType<readonly MessageStatusRule[]> = z.array(
  z.strictObject({
    messageStatus: z.string().min(1),
    template: z.string().exactOptional(),
    to: z.string().exactOptional(),
  }),
);

/** From the first rule that applies. Without one: `accepted` for a template, undefined for other messages. */
export function messageStatusOf(rules: readonly MessageStatusRule[], message: GraphMessage): string | undefined {
  const { template } = message.body;
  const name = message.type === "template" && isRecord(template) ? template["name"] : undefined;
  const rule = rules.find(
    (one) =>
      (one.template === undefined || one.template === name) &&
      (one.to === undefined || isSameRecipient(one.to, message.recipient)),
  );
  return rule?.messageStatus ?? (message.type === "template" ? "accepted" : undefined);
}
