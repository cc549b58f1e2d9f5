import { createMessageSender, createPacer, Secret } from "@message-sender/core";
import type { Transport } from "@message-sender/core/adapter";
import { createInMemoryCredentials, createInMemoryQuota, createInMemoryStore } from "@message-sender/core/in-memory";
import { createSystemClock, createSystemIds } from "@message-sender/core/node";

import type { Subject } from "./subject.ts";

/** The library, with quota, credentials and store in memory. */
export function startLibrary(transport: Transport): Subject {
  const clock = createSystemClock();
  const outlet = { tenantId: "tenant", outletId: "outlet" };
  const credentials = createInMemoryCredentials();
  credentials.set(outlet, { accessToken: new Secret("EAAbench"), phoneNumberId: "106540352242922" });
  const sender = createMessageSender({
    ...createInMemoryStore({ clock }),
    credentials,
    quota: createInMemoryQuota({ clock, limitOf: () => ({ limit: 1e9, period: "none" }) }),
    transport,
    pacer: createPacer({ clock, permits: 256, rates: false }),
    clock,
    ids: createSystemIds(),
  });
  sender.start();
  return {
    async send(number) {
      const sent = await sender.send({
        ...outlet,
        conversationId: "conversation",
        to: `+62812${String(number).padStart(7, "0")}`,
        content: { type: "text", text: { body: "Hello! Your order is ready." } },
      });
      if (sent.isErr()) throw new Error(sent.error.kind);
    },
  };
}
