import { template, textParameters } from "../src/content/index.ts";
import type { Refused } from "../src/domain/outcome.ts";
import { Secret } from "../src/domain/secret.ts";
import type { TemplateDefinition } from "../src/domain/templates/template-definition.ts";
import { createTestPorts, type TestPorts } from "../src/in-memory/index.ts";
import type { Credential } from "../src/ports/credentials.ts";
import { createMessageSender } from "../src/use-cases/message-sender.ts";
import type { MessageSenderPorts } from "../src/use-cases/message-sender-ports.ts";
import { expect } from "vitest";

export const waba = "102290129340398";
export const outlet = { tenantId: "acme", outletId: "main" } as const;
export const credential: Credential = { accessToken: new Secret("EAAtoken"), phoneNumberId: "123", wabaId: waba };
export const minute = 60_000;

export const orderReady: TemplateDefinition = {
  name: "order_ready",
  language: "en_US",
  status: "APPROVED",
  components: [{ type: "BODY", text: "Hi {{1}}, order {{2}}." }],
};

/** A sender whose account has one template. */
export function openTemplates(change: (ports: TestPorts) => Partial<MessageSenderPorts> = () => ({})) {
  const ports = createTestPorts({ quota: 1_000_000 });
  ports.credentials.set(outlet, credential);
  ports.templates.set(waba, [orderReady]);
  const sender = createMessageSender({ ...ports, ...change(ports) }, { retry: { jitter: 0 } });
  const command = (values: readonly string[], language = "en_US") => ({
    ...outlet,
    conversationId: "c-1",
    to: "+628123456789",
    content: template("order_ready", language, [{ type: "body", parameters: textParameters(values) }]),
  });
  return {
    ...ports,
    sender,
    command,
    send: (values: readonly string[], language?: string) =>
      ports.clock.runUntil(sender.send(command(values, language))),
    enqueue: (values: readonly string[], ttlMs = 600 * minute) =>
      ports.clock.runUntil(sender.enqueue({ ...command(values), ttlMs })),
    setStatus: (status: string) => ports.templates.set(waba, [{ ...orderReady, status }]),
    async changed(field: string) {
      const change = { object: "whatsapp_business_account", entry: [{ id: waba, changes: [{ field, value: {} }] }] };
      const received = sender.receiveWebhook({ others: [JSON.stringify(change)] });
      expect((await ports.clock.runUntil(received)).isOk()).toBe(true);
    },
  };
}

/** WhatsApp refuses a message for its paused template. */
export const pause: Refused = {
  kind: "Refused",
  failure: { class: "template", code: 132015, title: "the template is paused", details: "paused", concerns: "pause" },
  final: true,
  maybeProcessed: false,
};
