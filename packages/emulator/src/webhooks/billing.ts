import { createHash } from "node:crypto";

import type { GraphMessage } from "../graph/graph-message.ts";

/**
 * What a message costs, and its conversation. Meta charges for templates only. Subscribers of the Graph API up to v23 get a
 * `conversation` of its own with each message; later ones get none (Cloud API, "Webhooks: status messages").
 */
export function billingOf(message: GraphMessage, at: number, subscription: number) {
  const pricing = pricingOf(message);
  return subscription > 23 ? { pricing } : { conversation: conversationOf(message, at, pricing.category), pricing };
}

function pricingOf({ type, category = "utility", via }: GraphMessage) {
  if (via) return { billable: true, pricing_model: "PMP", type: "regular", category: "marketing_lite" };
  return type === "template"
    ? { billable: true, pricing_model: "PMP", type: "regular", category }
    : { billable: false, pricing_model: "PMP", type: "free_customer_service", category: "service" };
}

function conversationOf({ wamid }: GraphMessage, at: number, category: string) {
  return {
    id: createHash("md5").update(wamid).digest("hex"),
    expiration_timestamp: String(Math.floor(at / 1000) + 24 * 60 * 60),
    origin: { type: category },
  };
}
