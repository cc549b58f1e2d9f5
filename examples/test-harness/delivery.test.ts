import { createMessageSender, isPossibleDuplicate, statusOf, text, wamidsOf } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { describe, expect, it } from "vitest";

const command = {
  tenantId: "acme",
  outletId: "jakarta-1",
  conversationId: "budi",
  to: "+628123456789",
  content: text("Your order A-17 is ready."),
};

describe("what becomes of a message", () => {
  it("is delivered once a status webhook says so", async () => {
    const ports = createTestPorts();
    const sender = createMessageSender(ports);
    const { message } = (await ports.clock.runUntil(sender.send(command)))._unsafeUnwrap();

    const [wamid = ""] = wamidsOf(message);
    // A status counts only if it comes from the number that the message was sent from.
    const { phoneNumberId = "" } = message.attempts[0] ?? {};
    const at = ports.clock.now();
    const received = await sender.receiveWebhook({ statuses: [{ wamid, phoneNumberId, status: "delivered", at }] });
    expect(received._unsafeUnwrap()).toMatchObject({ applied: 1 });
    expect(statusOf((await sender.find(message.id))._unsafeUnwrap())).toBe("delivered");
  });

  it("is unknown after an attempt without an answer, until somebody resolves it", async () => {
    const ports = createTestPorts();
    const sender = createMessageSender(ports, { ambiguity: { onAmbiguous: "hold" } });
    ports.transport.answerWith({ kind: "Ambiguous", sawSuccess: false, cause: "connection reset" });
    const error = (await ports.clock.runUntil(sender.send(command)))._unsafeUnwrapErr();
    if (error.kind !== "OutcomeUnknown") throw new Error(`expected OutcomeUnknown, not ${error.kind}`);
    expect(statusOf(error.message)).toBe("unknown");

    const resolved = await sender.resolve({ messageId: error.message.id, action: "resend" });
    expect(resolved.isOk()).toBe(true);
    await ports.clock.runUntil(sender.tick());
    const resent = (await sender.find(error.message.id))._unsafeUnwrap();
    expect([statusOf(resent), isPossibleDuplicate(resent)]).toEqual(["sent", true]);
  });
});
