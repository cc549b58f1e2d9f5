import { describe, expect, it } from "vitest";

import type { Outcome } from "../domain/outcome.ts";
import { createInMemoryPorts } from "../in-memory/index.ts";
import { createMessageSender } from "./message-sender.ts";

const command = {
  tenantId: "tenant",
  outletId: "outlet",
  conversationId: "conversation",
  to: "+628123456789",
  content: { type: "text", text: { body: "Hello" } },
} as const;
const unavailable: Outcome = {
  kind: "Refused",
  final: false,
  maybeProcessed: false,
  failure: { class: "transient", httpStatus: 503, details: "Service Unavailable" },
};

describe("send", () => {
  it("sends", async () => {
    const ports = createInMemoryPorts();
    const sender = createMessageSender(ports, { jitter: 0 });
    ports.transport.answerWith(unavailable, unavailable);
    const sent = (await ports.clock.runUntil(sender.send(command)))._unsafeUnwrap();
    expect(sent.message).toMatchObject({ attempts: { length: 3 } });
    await sender.tick();
    console.log(JSON.stringify(ports.telemetry.events, null, 1), ports.history.conversation("conversation"));
  });
});
