import type { ServerProcess } from "../../crash/driver/server-process.ts";
import type { Order } from "./messages.ts";

const atOnce = 500;

/** Queues messages through one server, in their order. Throws if one is not accepted. */
export async function accept(server: ServerProcess, orders: readonly Order[]): Promise<void> {
  for (let first = 0; first < orders.length; first += atOnce) {
    const answers = await Promise.all(orders.slice(first, first + atOnce).map((order) => enqueue(server, order)));
    const refused = answers.find((answer) => !answer?.ok);
    if (refused) throw new Error(`a message was not accepted: ${JSON.stringify(refused)}`);
  }
}

function enqueue(server: ServerProcess, { tenantId, outletId, to, place, key }: Order) {
  return server.execute({
    enqueue: {
      tenantId,
      outletId,
      conversationId: `conversation-${outletId}-${to.slice(1)}`,
      to,
      content: { type: "text", text: { body: String(place) } },
      idempotency: { key },
      ttlMs: 86_400_000,
    },
  });
}
