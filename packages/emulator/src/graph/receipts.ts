import type { GraphRequest } from "./access/graph-access.ts";
import type { GraphError } from "./graph-error.ts";
import { checkProduct } from "./messages/message.ts";
import { nonEmptyText, object, oneOf, optional } from "./messages/rules.ts";

/** A message that was marked as read. */
export interface GraphReceipt {
  /** When the request came in, in milliseconds since the epoch. */
  readonly at: number;
  readonly phoneNumberId: string;
  readonly messageId: string;
  /** Whether the person sees a typing indicator. */
  readonly typing: boolean;
}

const schema = object({
  status: oneOf(["read"]),
  message_id: nonEmptyText(),
  typing_indicator: optional(object({ type: oneOf(["text"]) })),
});

/** `isKnown` tells whether the message was received. */
export function receiptOf(
  { at, phoneNumberId, body }: Pick<GraphRequest, "at" | "phoneNumberId" | "body">,
  isKnown: (messageId: string) => boolean,
): GraphReceipt | GraphError {
  const refusal = checkProduct(body) ?? schema(body, "");
  if (refusal) return refusal;
  const { message_id: messageId, typing_indicator: typing } = body as { message_id: string; typing_indicator?: object };
  if (!isKnown(messageId)) return { code: 131009, details: "Parameter message_id is not the id of a message." };
  return { at, phoneNumberId, messageId, typing: typing !== undefined };
}

/** A receipt has a `status`; a message does not. */
export function isReceipt(body: Readonly<Record<string, unknown>>): boolean {
  return body["status"] !== undefined;
}
