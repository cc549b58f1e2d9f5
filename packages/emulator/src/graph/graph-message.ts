import type { GraphRequest } from "./access/graph-access.ts";
import { isNonEmpty, typeOf } from "./messages/message.ts";
import type { Person } from "./people/audience.ts";
import type { ResolveWaId } from "./people/wa-id.ts";
import type { TemplateCategory } from "./templates/template-seed.ts";

/** A message that WhatsApp accepted. */
export interface GraphMessage {
  readonly wamid: string;
  /** When the request came in, in milliseconds since the epoch. */
  readonly at: number;
  readonly phoneNumberId: string;
  /** As given in `to` or `recipient`. */
  readonly recipient: string;
  /** The recipient's `wa_id`; absent when the message went to a business-scoped user id. */
  readonly waId?: string;
  /** The recipient's business-scoped user id, when an inbound message gave one for their phone number. */
  readonly userId?: string;
  /** The group that the message went to. */
  readonly groupId?: string;
  readonly type: string;
  /** The category of a template that is known. */
  readonly category?: TemplateCategory;
  /** Present if it came by the Marketing Messages API. */
  readonly via?: "marketing";
  /** `biz_opaque_callback_data`. */
  readonly callbackData?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The person or the group that a message is for. `to` takes precedence over `recipient`. */
export function personOf(body: GraphMessage["body"], phoneNumberId: string, resolve: ResolveWaId): Person {
  if (body["recipient_type"] === "group") return { phoneNumberId, groupId: String(body["to"]) };
  if (!isNonEmpty(body["to"])) return { phoneNumberId, userId: String(body["recipient"]) };
  return { phoneNumberId, waId: resolve(body["to"].replace(/\D/g, "")) };
}

export function graphMessageOf(
  { at, phoneNumberId }: GraphRequest,
  body: GraphMessage["body"],
  { waId, groupId }: Person,
  known: {
    wamid: string;
    userId: string | undefined;
    category: TemplateCategory | undefined;
    via?: "marketing" | undefined;
  },
): GraphMessage {
  const { to, recipient, biz_opaque_callback_data: callbackData } = body;
  return {
    wamid: known.wamid,
    at,
    phoneNumberId,
    recipient: String(waId === undefined && groupId === undefined ? recipient : to),
    ...(waId !== undefined && { waId }),
    ...(groupId !== undefined && { groupId }),
    ...(known.userId !== undefined && { userId: known.userId }),
    type: typeOf(body),
    ...(known.category !== undefined && { category: known.category }),
    ...(known.via && { via: known.via }),
    ...(typeof callbackData === "string" && { callbackData }),
    body,
  };
}
