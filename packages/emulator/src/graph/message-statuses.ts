import { z } from "zod";

import type { GraphMessage } from "./graph-message.ts";
import { isSameRecipient } from "../faults/recipients.ts";
import { isRecord } from "../json/records.ts";

/** What the answer to a send says of the message beside its id. */
export interface MessageStatusRule {
  readonly messageStatus: "accepted" | "held_for_quality_assessment" | "paused" | (string & {});
  /** Only messages of this template. */
  readonly template?: string;
  /** Only messages to this recipient, compared by what they consist of but `+`, spaces, dashes and brackets. */
  readonly to?: string;
}

export const messageStatusesSchema: z.ZodType<readonly MessageStatusRule[]> = z.array(
  z.strictObject({
    messageStatus: z.string().min(1),
    template: z.string().exactOptional(),
    to: z.string().exactOptional(),
  }),
);

/** By the first rule that fits. Without one a template is `accepted`, and of other messages nothing is said. */
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
