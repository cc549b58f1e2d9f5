import fc from "fast-check";
import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";

import { template, text, textParameters } from "../../content/index.ts";
import { exampleOutcomes } from "../../contracts/fixtures.ts";
import { explainHold } from "../../domain/explain/explanation.ts";
import type { Refused } from "../../domain/outcome.ts";
import { queueDueAt } from "../../domain/next-step.ts";
import { Secret } from "../../domain/secret.ts";
import { statusOf } from "../../domain/status.ts";
import type { TemplateDefinition } from "../../domain/templates/template-definition.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import type { Credential } from "../../ports/credentials.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";

const waba = "102290129340398";
const outlet = { tenantId: "acme", outletId: "main" } as const;
const credential: Credential = { accessToken: new Secret("EAAtoken"), phoneNumberId: "123", wabaId: waba };
const minute = 60_000;

const orderReady: TemplateDefinition = {
  name: "order_ready",
  language: "en_US",
  status: "APPROVED",
  components: [{ type: "BODY", text: "Hi {{1}}, order {{2}}." }],
};

function open(change: (ports: TestPorts) => Partial<MessageSenderPorts> = () => ({})) {
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

describe("a template with a missing parameter", () => {
  it("is refused, and stores, uses and sends nothing", async () => {
    const { send, enqueue, transport, quota, sender } = open();
    const before = quota.used("acme");
    for (const refused of [await send(["Budi"]), await enqueue(["Budi"])]) {
      expect(refused._unsafeUnwrapErr()).toEqual({
        kind: "TemplateRefused",
        template: { name: "order_ready", language: "en_US", status: "APPROVED" },
        problems: [
          {
            path: ["components", 0, "parameters"],
            detail: "the body takes 2 parameters ({{1}}, {{2}}), and the message has 1: {{2}} is missing",
          },
        ],
      });
    }
    expect(transport.submissions).toEqual([]);
    expect(quota.used("acme")).toBe(before);
    expect((await sender.list())._unsafeUnwrap().messages).toEqual([]);
  });

  it("leaves its key for the corrected message", async () => {
    const { sender, clock, command } = open();
    const idempotency = { key: "order-17" };
    const refused = await clock.runUntil(sender.send({ ...command(["Budi"]), idempotency }));
    expect(refused.isErr()).toBe(true);
    const sent = await clock.runUntil(sender.send({ ...command(["Budi", "17"]), idempotency }));
    expect(sent._unsafeUnwrap().replayed).toBe(false);
  });

  it.each<[string, (ports: TestPorts) => Partial<MessageSenderPorts>]>([
    ["there is no port", () => ({ templates: undefined as never })],
    [
      "the account is unknown",
      ({ credentials }) => {
        const { wabaId: _, ...other } = credential;
        credentials.set(outlet, other);
        return {};
      },
    ],
    [
      "another provider has the templates",
      ({ credentials }) => {
        credentials.set(outlet, { ...credential, provider: { url: "https://waba-v2.360dialog.io" } });
        return {};
      },
    ],
    [
      "the list is unavailable",
      ({ templates }) => {
        templates.setUnavailable(true);
        return {};
      },
    ],
    [
      "the port throws",
      () => ({
        templates: {
          list: () => {
            throw new Error("no");
          },
        },
      }),
    ],
    ["the list takes too long", () => ({ templates: { list: () => new ResultAsync(new Promise(() => {})) } })],
    [
      "the template is unknown",
      ({ templates }) => {
        templates.set(waba, [
          { ...orderReady, name: "other" },
          { ...orderReady, language: "id" },
        ]);
        return {};
      },
    ],
  ])("is sent where %s", async (_, change) => {
    const { send, transport } = open(change);
    expect((await send(["Budi"])).isOk()).toBe(true);
    expect(transport.submissions).toHaveLength(1);
  });
});

describe("a template that WhatsApp does not send", () => {
  it.each(["PAUSED", "DISABLED", "REJECTED", "PENDING"])("is refused: %s", async (status) => {
    const { send, setStatus, transport } = open();
    setStatus(status);
    expect((await send(["Budi", "17"]))._unsafeUnwrapErr()).toEqual({
      kind: "TemplateRefused",
      template: { name: "order_ready", language: "en_US", status },
      problems: [],
    });
    expect(transport.submissions).toEqual([]);
  });

  it.each(["IN_APPEAL", "FLAGGED", "SOMETHING_NEW"])("is sent where that is not certain: %s", async (status) => {
    const { send, setStatus } = open();
    setStatus(status);
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
  });
});

describe("the list of templates", () => {
  it.each(["before", "after"])(
    "with one that is being deleted %s the one that replaces it refuses neither",
    async (place) => {
      const { send, templates } = open();
      const deleted = { ...orderReady, status: "PENDING_DELETION", components: [{ type: "BODY", text: "Hi!" }] };
      templates.set(waba, place === "before" ? [deleted, orderReady] : [orderReady, deleted]);
      expect((await send(["Budi", "17"])).isOk()).toBe(true);
    },
  );

  it("is read once for concurrent sends, and again after five minutes", async () => {
    const { send, sender, command, clock, templates } = open();
    await clock.runUntil(Promise.all(Array.from({ length: 20 }, () => sender.send(command(["Budi", "17"])))));
    await clock.advance(5 * minute - 1);
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    expect(templates.asked).toHaveLength(1);
    await clock.advance(1);
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    expect(templates.asked).toHaveLength(2);
  });

  it("is not read for other messages", async () => {
    const { sender, clock, templates } = open();
    const plain = { ...outlet, conversationId: "c", to: "+628123456789", content: text("Hi!") };
    expect((await clock.runUntil(sender.send(plain))).isOk()).toBe(true);
    expect(templates.asked).toEqual([]);
  });

  it("is read again before a refusal, once it is five seconds old", async () => {
    const { send, clock, templates } = open();
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    templates.set(waba, [{ ...orderReady, components: [{ type: "BODY", text: "{{1}}" }] }]);
    expect((await send(["Budi"])).isErr()).toBe(true);
    await clock.advance(5000);
    expect((await send(["Budi"])).isOk()).toBe(true);
  });

  it("that is out of date refuses nothing, whatever changes when and however often it is read", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            afterMs: fc.constantFrom(0, 1, 700, 4000, 5000, 9000, 61_000, 300_000),
            step: fc.constantFrom("send", "send", "send", "send", "approve", "pause", "webhook", "fail", "recover"),
          }),
          { minLength: 20, maxLength: 60 },
        ),
        async (steps) => {
          const { send, clock, templates, setStatus, changed } = open();
          /** Since when it has been approved. Undefined while it is not. */
          let approvedAtMs: number | undefined;
          for (const { afterMs, step } of steps) {
            await clock.advance(afterMs);
            const nowMs = clock.monotonicMs();
            if (step === "approve") approvedAtMs ??= nowMs;
            if (step === "pause") approvedAtMs = undefined;
            setStatus(approvedAtMs === undefined ? "PAUSED" : "APPROVED");
            if (step === "fail" || step === "recover") templates.setUnavailable(step === "fail");
            if (step === "webhook") await changed("message_template_status_update");
            if (step !== "send") continue;
            const sent = await send(["Budi", "17"]);
            expect(sent.isErr() ? sent.error.kind : "TemplateRefused").toBe("TemplateRefused");
            if (sent.isErr() && approvedAtMs !== undefined) expect(nowMs - approvedAtMs).toBeLessThan(5000);
          }
          const hours = clock.monotonicMs() / (60 * minute);
          expect(templates.asked.length).toBeLessThanOrEqual(7 + 180 * hours);
        },
      ),
    );
  });

  it("is not read for each refusal: what cannot be checked anew is sent", async () => {
    const { send, clock, templates, transport, setStatus } = open();
    setStatus("PAUSED");
    let refused = 0;
    for (let second = 0; second < 3600; second += 1) {
      if ((await send(["Budi", "17"])).isErr()) refused += 1;
      await clock.advance(1000);
    }
    expect(templates.asked.length).toBeLessThanOrEqual(190);
    expect(refused).toBeGreaterThan(800);
    expect(transport.submissions).toHaveLength(3600 - refused);
  });

  it("is not read for each webhook, and the last one is not lost", async () => {
    const { send, clock, templates, changed, setStatus } = open();
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    for (let second = 0; second < 60; second += 1) {
      await changed("message_template_quality_update");
      await changed("message_template_quality_update");
      expect((await send(["Budi", "17"])).isOk()).toBe(true);
      await clock.advance(1000);
    }
    // At 0, 0, 5, 15, 35 and 55 seconds.
    expect(templates.asked).toHaveLength(6);
    setStatus("PAUSED");
    await changed("message_template_status_update");
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    await clock.advance(20_000);
    expect((await send(["Budi", "17"])).isErr()).toBe(true);
    expect(templates.asked).toHaveLength(7);
  });

  it("of another account is kept after a webhook", async () => {
    const { send, sender, clock, command, credentials, templates, changed } = open();
    credentials.set({ tenantId: "other", outletId: "main" }, { ...credential, wabaId: `${waba}1` });
    const other = async () => {
      const sent = await clock.runUntil(sender.send({ ...command(["Budi", "17"]), tenantId: "other" }));
      expect(sent.isOk()).toBe(true);
    };
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    await other();
    await changed("message_template_status_update");
    await other();
    expect(templates.asked).toHaveLength(2);
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    expect(templates.asked).toHaveLength(3);
  });

  it("that was read, or could not be, is an event", async () => {
    const { send, clock, templates, telemetry } = open();
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    templates.setUnavailable(true);
    await clock.advance(5 * minute);
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    expect(telemetry.events.filter(({ kind }) => kind.startsWith("Templates"))).toEqual([
      { kind: "TemplatesRead", tenantId: "acme", wabaId: waba, count: 1 },
      {
        kind: "TemplatesUnavailable",
        tenantId: "acme",
        wabaId: waba,
        reason: "the templates are set to be unavailable",
      },
    ]);
  });

  it("that cannot be read is not asked for again within a minute", async () => {
    const { send, clock, templates } = open();
    templates.setUnavailable(true);
    expect((await send(["Budi"])).isOk()).toBe(true);
    expect((await send(["Budi"])).isOk()).toBe(true);
    templates.setUnavailable(false);
    await clock.advance(minute - 1);
    expect((await send(["Budi"])).isOk()).toBe(true);
    expect(templates.asked).toHaveLength(1);
    await clock.advance(1);
    expect((await send(["Budi"])).isErr()).toBe(true);
  });

  it.each([
    "message_template_status_update",
    "message_template_components_update",
    "message_template_quality_update",
    "template_category_update",
  ])("is read again after a webhook: %s", async (field) => {
    const { send, changed, setStatus } = open();
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    setStatus("PAUSED");
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    await changed("account_update");
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    await changed(field);
    expect((await send(["Budi", "17"])).isErr()).toBe(true);
  });

  it("that was asked for before a webhook is not kept", async () => {
    const answers: ((list: readonly TemplateDefinition[]) => void)[] = [];
    const { sender, clock, command, changed } = open(() => ({
      templates: {
        list: () => new ResultAsync(new Promise((resolve) => answers.push((list) => resolve(okAsync(list))))),
      },
    }));
    const first = sender.send(command(["Budi"]));
    await expect.poll(() => answers.length).toBe(1);
    await changed("message_template_components_update");
    answers[0]?.([{ ...orderReady, components: [{ type: "BODY", text: "old {{1}}" }] }]);
    expect((await clock.runUntil(first)).isOk()).toBe(true);
    const second = sender.send(command(["Budi"]));
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.([orderReady]);
    expect((await clock.runUntil(second)).isErr()).toBe(true);
  });

  it("belongs to a tenant: another one's token reads it again", async () => {
    const { send, sender, clock, command, credentials, templates } = open();
    credentials.set({ tenantId: "other", outletId: "main" }, credential);
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    const other = sender.send({ ...command(["Budi", "17"]), tenantId: "other" });
    expect((await clock.runUntil(other)).isOk()).toBe(true);
    expect(templates.asked).toHaveLength(2);
  });

  it("is read again after WhatsApp has contradicted it", async () => {
    const { send, clock, transport, setStatus } = open();
    expect((await send(["Budi", "17"])).isOk()).toBe(true);
    await clock.advance(2 * minute);
    setStatus("PAUSED");
    transport.answerWith(pause);
    expect((await send(["Budi", "17"]))._unsafeUnwrapErr().kind).toBe("Rejected");
    expect((await send(["Budi", "17"]))._unsafeUnwrapErr().kind).toBe("TemplateRefused");
  });
});

const pause: Refused = {
  kind: "Refused",
  failure: { class: "template", code: 132015, title: "the template is paused", details: "paused", concerns: "pause" },
  final: true,
  maybeProcessed: false,
};

describe("a queued message whose template is paused", () => {
  it("waits until the template is resumed", async () => {
    const { enqueue, sender, clock, setStatus, transport, changed } = open();
    setStatus("PAUSED");
    const { id } = (await enqueue(["Budi", "17"]))._unsafeUnwrap().message;
    const message = async () => (await sender.find(id))._unsafeUnwrap();
    await clock.runUntil(sender.tick());
    const held = await message();
    expect([statusOf(held), held.attempts, explainHold(held)]).toEqual([
      "queued",
      [],
      "WhatsApp has paused its template. It is sent once WhatsApp resumes the template, if its time to live has not ended.",
    ]);
    expect(queueDueAt(held)?.getTime()).toBe(clock.now().getTime() + minute);

    await clock.advance(minute);
    await clock.runUntil(sender.tick());
    expect(transport.submissions).toEqual([]);
    setStatus("APPROVED");
    await changed("message_template_status_update");
    await clock.advance(minute);
    await clock.runUntil(sender.tick());
    const sent = await message();
    expect([statusOf(sent), explainHold(sent)]).toEqual(["sent", undefined]);
  });

  it("waits longer the longer it has waited, up to a quarter of an hour, and expires at its time", async () => {
    const { enqueue, sender, clock, setStatus } = open();
    setStatus("PAUSED");
    const { id, acceptedAt } = (await enqueue(["Budi", "17"], 60 * minute))._unsafeUnwrap().message;
    const dues: number[] = [];
    for (;;) {
      await clock.runUntil(sender.tick());
      const message = (await sender.find(id))._unsafeUnwrap();
      const dueAt = queueDueAt(message);
      if (!dueAt) {
        expect(statusOf(message)).toBe("expired");
        break;
      }
      dues.push((dueAt.getTime() - acceptedAt.getTime()) / minute);
      await clock.advance(dueAt.getTime() - clock.now().getTime());
    }
    expect(dues).toEqual([1, 2, 4, 8, 16, 31, 46, 60]);
  });

  it("is refused if a parameter is missing", async () => {
    const { enqueue, setStatus } = open();
    setStatus("PAUSED");
    expect((await enqueue(["Budi"]))._unsafeUnwrapErr()).toMatchObject({ kind: "TemplateRefused", problems: [{}] });
  });

  it("waits too if only WhatsApp knows it", async () => {
    const { enqueue, sender, clock, transport } = open(() => ({
      templates: { list: () => errAsync({ kind: "Unavailable", reason: "gone" }) },
    }));
    transport.answerWith(pause, pause);
    const { id } = (await enqueue(["Budi", "17"]))._unsafeUnwrap().message;
    await clock.runUntil(sender.tick());
    const waiting = (await sender.find(id))._unsafeUnwrap();
    expect([statusOf(waiting), waiting.attempts.length]).toEqual(["queued", 1]);
    for (let round = 0; round < 3; round += 1) {
      await clock.advance(2 * minute);
      await clock.runUntil(sender.tick());
    }
    expect(statusOf((await sender.find(id))._unsafeUnwrap())).toBe("sent");
    expect(transport.submissions).toHaveLength(3);
  });

  it("fails if WhatsApp refuses it for another reason", async () => {
    const { enqueue, sender, clock, transport } = open();
    transport.answerWith({ ...exampleOutcomes.Refused, final: true });
    const { id } = (await enqueue(["Budi", "17"]))._unsafeUnwrap().message;
    await clock.runUntil(sender.tick());
    expect(statusOf((await sender.find(id))._unsafeUnwrap())).toBe("failed");
  });
});
