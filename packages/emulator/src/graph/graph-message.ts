import type { Person } from "./audience.ts";
import type { GraphRequest } from "./graph-access.ts";
import { typeOf } from "./messages/message.ts";
import type { TemplateCategory } from "./templates.ts";

/** What WhatsApp took on. */
export interface GraphMessage {
  readonly wamid: string;
  readonly at: number;
  readonly phoneNumberId: string;
  /** As it was given, in `to` or `recipient`. */
  readonly recipient: string;
  /** What WhatsApp made of a phone number's digits; absent when it went to a business-scoped user id. */
  readonly waId?: string;
  /** The person's business-scoped id, where it is another than the one derived from `waId`. */
  readonly userId?: string;
  readonly type: string;
  /** Of a template that was seeded. */
  readonly category?: TemplateCategory;
  readonly callbackData?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export function graphMessageOf(
  { at, phoneNumberId }: GraphRequest,
  body: GraphMessage["body"],
  { waId }: Person,
  known: { wamid: string; userId: string | undefined; category: TemplateCategory | undefined },
): GraphMessage {
  const { to, recipient, biz_opaque_callback_data: callbackData } = body;
  return {
    wamid: known.wamid,
    at,
    phoneNumberId,
    recipient: String(waId === undefined ? recipient : to),
    ...(waId !== undefined && { waId }),
    ...(known.userId !== undefined && { userId: known.userId }),
    type: typeOf(body),
    ...(known.category !== undefined && { category: known.category }),
    ...(typeof callbackData === "string" && { callbackData }),
    body,
  };
}
