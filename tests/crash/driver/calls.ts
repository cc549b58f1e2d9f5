import { randomUUID } from "node:crypto";

import type { Random } from "../random.ts";
import type { Outlet } from "./services.ts";

/** A message that a client wants to send. */
export interface Call extends Outlet {
  /** The message's reference. */
  readonly id: string;
  readonly key?: string;
  readonly conversationId: string;
  readonly to: string;
  readonly onAmbiguous: "resend" | "verify" | "hold";
}

const conversations = Array.from({ length: 200 }, () => randomUUID());

export function newCall(random: Random, outlets: readonly Outlet[], hasKey: boolean): Call {
  const id = randomUUID();
  return {
    ...random.pick(outlets),
    id,
    ...(hasKey && { key: `key-${id}` }),
    conversationId: random.pick(conversations),
    to: `+62812345${random.between(10_000, 99_999)}`,
    onAmbiguous: random.pick(["resend", "resend", "verify", "hold"]),
  };
}

/** The body of the request to the API. */
export function bodyOf(call: Call): object {
  return {
    tenant_id: call.tenantId,
    outlet_id: call.outletId,
    conversation_id: call.conversationId,
    to: call.to,
    message: "Hello! Your order is ready.",
    message_type: "text",
    reference: call.id,
    on_ambiguous: call.onAmbiguous,
  };
}
