import type { GraphRequest } from "./graph-access.ts";
import type { GraphError } from "./graph-error.ts";
import { refusalOfProduct } from "./messages/message.ts";
import { object, oneOf, optional, text } from "./messages/rules.ts";

/** A message of a person that was marked as read. */
export interface GraphReceipt {
  readonly at: number;
  readonly phoneNumberId: string;
  readonly messageId: string;
  /** Whether the person is shown that an answer is being typed. */
  readonly typing: boolean;
}

const schema = object({
  status: oneOf(["read"]),
  message_id: text(),
  typing_indicator: optional(object({ type: oneOf(["text"]) })),
});

/** `isKnown` tells whether the message ever came in. */
export function receiptOf(
  { at, phoneNumberId, body }: GraphRequest,
  isKnown: (messageId: string) => boolean,
): GraphReceipt | GraphError {
  const refusal = refusalOfProduct(body) ?? schema(body, "");
  if (refusal) return refusal;
  const { message_id: messageId, typing_indicator: typing } = body as { message_id: string; typing_indicator?: object };
  if (!isKnown(messageId)) return { code: 131009, details: "Parameter message_id is not the id of a message." };
  return { at, phoneNumberId, messageId, typing: typing !== undefined };
}

/** A receipt says its status where a message has a type. */
export function isReceipt(body: Readonly<Record<string, unknown>>): boolean {
  return body["status"] !== undefined;
}
