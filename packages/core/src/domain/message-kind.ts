import type { MessageType } from "../content/content.ts";
import { decidingCopy } from "./copies.ts";
import type { Message, Pricing } from "./message.ts";
import { type MessageStatus, statusOf } from "./status.ts";

/** What messages are counted by. */
export interface MessageKind {
  /** When the message was accepted, in whole days since 1970-01-01 in UTC. */
  readonly day: number;
  readonly type: MessageType;
  readonly status: MessageStatus;
  /** Meta's pricing category. Absent until a webhook names it. */
  readonly pricingCategory?: string;
  /** Whether Meta charges for the message. Absent until a webhook says so. */
  readonly billable?: boolean;
}

const dayMs = 86_400_000;
/** A caller that parses webhooks itself may pass anything. */
const nameForm = /^[\x20-\x7e]{1,100}$/;

/** What a message is counted as. A message that was sent more than once is counted as the copy whose status is shown. */
export function kindOf(message: Message): MessageKind {
  const { category, billable } = pricingOf(message) ?? {};
  return {
    day: Math.floor(message.acceptedAt.getTime() / dayMs),
    type: message.request.content.type,
    status: statusOf(message),
    ...(category !== undefined && nameForm.test(category) && { pricingCategory: category }),
    ...(typeof billable === "boolean" && { billable }),
  };
}

/**
 * What Meta charges for the message. It charges for delivery (Cloud API, "Pricing on the WhatsApp Business Platform"): before that,
 * an earlier status has the expected pricing.
 */
export function pricingOf(message: Pick<Message, "attempts">): Pricing | undefined {
  const known = decidingCopy(message)?.report?.pricing;
  return known && (known.delivered ?? known.read ?? known.played ?? known.sent ?? known.failed);
}
