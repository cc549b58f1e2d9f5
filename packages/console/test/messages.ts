import { type SendMessageCommand, text } from "@message-sender/core";
import type { Outcome } from "@message-sender/core/adapter";

import type { createTestConsole } from "./visit.ts";

/** WhatsApp's answer about a recipient who cannot be reached. */
export const undeliverable: Outcome = {
  kind: "Refused",
  final: true,
  maybeProcessed: false,
  failure: {
    class: "recipient",
    code: 131026,
    title: "the message is undeliverable to this recipient",
    details: "Message undeliverable",
    advice: "Use another channel.",
  },
};

/** An answer that is usually temporary. */
export const unavailable: Outcome = {
  kind: "Refused",
  final: false,
  maybeProcessed: false,
  failure: {
    class: "transient",
    code: 131000,
    title: "something went wrong",
    details: "Something went wrong",
    httpStatus: 500,
  },
};

/** No answer: it may have been sent. */
export const lost: Outcome = { kind: "Ambiguous", sawSuccess: false, cause: "connection reset" };

/** A message of the tenant acme, or of another. */
export function command(given: Partial<SendMessageCommand> = {}): SendMessageCommand {
  const outlet = { tenantId: "acme", outletId: "jakarta-1", conversationId: "budi" };
  return { ...outlet, to: "+628123456789", content: text("Hello! Your order is ready."), ...given };
}

type TestConsole = ReturnType<typeof createTestConsole>;

/** Sends a message that gets these answers, and gives its id. */
export async function send(
  { ports, sender }: TestConsole,
  given: Partial<SendMessageCommand> = {},
  ...answers: readonly Outcome[]
): Promise<string> {
  ports.transport.answerWith(...answers);
  const earlier = new Set((await sender.list())._unsafeUnwrap().messages.map(({ id }) => id));
  const sent = await ports.clock.runUntil(sender.send(command(given)));
  // One that WhatsApp refuses is in the list too.
  if (sent.isErr() && answers.length === 0) throw new Error(`nothing was sent: ${sent.error.kind}`);
  const { messages } = (await sender.list())._unsafeUnwrap();
  return messages.find(({ id }) => !earlier.has(id))?.id ?? "";
}
