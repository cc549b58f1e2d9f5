import fc from "fast-check";
import { okAsync, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { text } from "../../content/index.ts";
import type { TemplateDefinition } from "../../domain/templates/template-definition.ts";
import {
  credential,
  minute,
  openTemplates as open,
  orderReady,
  outlet,
  pause,
  waba,
} from "../../../test/template-sender.ts";

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

  it("is of use although WhatsApp contradicts it all the time", async () => {
    const { send, clock, transport, templates } = open();
    transport.answerWith(...Array.from({ length: 60 }, () => pause));
    for (let second = 0; second < 60; second += 1) {
      expect((await send(["Budi", "17"]))._unsafeUnwrapErr().kind).toBe("Rejected");
      await clock.advance(1000);
    }
    expect(templates.asked).toHaveLength(1);
    expect((await send(["Budi"]))._unsafeUnwrapErr().kind).toBe("TemplateRefused");
    expect((await send(["Budi"]))._unsafeUnwrapErr().kind).toBe("TemplateRefused");
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
