// A send with two failures on the way, without a network: every port is an in-memory adapter.
import { createMessageSender, text } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";

const ports = createTestPorts();
const sender = createMessageSender(ports, { retry: { jitter: 0 } });

const unavailable = {
  kind: "Refused",
  final: false,
  maybeProcessed: false,
  failure: { class: "transient", httpStatus: 503, details: "Service Unavailable" },
} as const;
ports.transport.answerWith(unavailable, unavailable);

// The clock is a manual one: it jumps from wait to wait, so the three seconds of waiting take none.
const sent = await ports.clock.runUntil(
  sender.send({
    tenantId: "acme",
    outletId: "jakarta-1",
    conversationId: "budi",
    to: "+628123456789",
    content: text("Hello! Your order is ready."),
  }),
);

if (sent.isErr()) throw new Error(`not sent: ${sent.error.kind}`);
const { message } = sent.value;
for (const event of ports.telemetry.events) {
  if (event.kind === "AttemptEnded") console.log(`attempt ${event.attempt.number}: ${event.attempt.reason}`);
}
console.log(`sent as ${message.id} after ${message.attempts.length} attempts`);
if (message.attempts.length !== 3) throw new Error("it should have taken three attempts");
