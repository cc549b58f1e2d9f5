import { createMessageSender } from "@message-sender/core";
import { createTestPorts } from "@message-sender/core/in-memory";
import { describe, expect, it } from "vitest";

import { notifyOrderReady } from "./order-notifier.ts";

const order = { number: "A-17", shop: "jakarta-1", phone: "+628123456789" };

function setup(options: { quota?: number } = {}) {
  const ports = createTestPorts(options);
  const sender = createMessageSender(ports, { retry: { jitter: 0 } });
  return { ports, notify: () => ports.clock.runUntil(notifyOrderReady(sender, order)) };
}

describe("notifyOrderReady", () => {
  it("tells the customer, and once only", async () => {
    const { ports, notify } = setup();
    expect([await notify(), await notify()]).toEqual(["told", "told"]);
    expect(ports.transport.submissions.map(({ to, content }) => [to, content])).toEqual([
      ["+628123456789", { type: "text", text: { body: "Your order A-17 is ready." } }],
    ]);
  });

  it("has them called when they are not on WhatsApp", async () => {
    const { ports, notify } = setup();
    const failure = { class: "recipient", code: 131026, details: "Message undeliverable" } as const;
    ports.transport.answerWith({ kind: "Refused", final: true, maybeProcessed: false, failure });
    expect(await notify()).toBe("call them instead");
  });

  it("tries later when WhatsApp cannot be reached for seven seconds", async () => {
    const { ports, notify } = setup();
    const unreachable = { kind: "NotSent", final: false, cause: "connection refused" } as const;
    ports.transport.answerWith(unreachable, unreachable, unreachable, unreachable);
    const startedAt = ports.clock.now().getTime();
    expect(await notify()).toBe("try later");
    expect(ports.clock.now().getTime() - startedAt).toBe(7000);
  });

  it("tries later when the quota is used up", async () => {
    const { ports, notify } = setup({ quota: 0 });
    expect(await notify()).toBe("try later");
    expect(ports.transport.submissions).toEqual([]);
  });
});
