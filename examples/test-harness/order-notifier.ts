import { type MessageSender, text } from "@message-sender/core";

export interface Order {
  readonly number: string;
  readonly shop: string;
  readonly phone: string;
}

export type Notified = "told" | "call them instead" | "try later";

/** Your own code: tells a customer that an order is ready, and what to do where that cannot be. */
export async function notifyOrderReady(sender: MessageSender, order: Order): Promise<Notified> {
  const sent = await sender.send({
    tenantId: "acme",
    outletId: order.shop,
    conversationId: order.number,
    to: order.phone,
    content: text(`Your order ${order.number} is ready.`),
    idempotency: { key: `${order.number}-ready` },
  });
  if (sent.isOk()) return "told";
  return sent.error.kind === "Rejected" ? "call them instead" : "try later";
}
