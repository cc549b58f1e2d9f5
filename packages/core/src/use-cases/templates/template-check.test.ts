import { errAsync, ResultAsync } from "neverthrow";
import { describe, expect, it } from "vitest";
import { exampleOutcomes } from "../../contracts/fixtures.ts";
import { explainHold } from "../../domain/explain/explanation.ts";
import { queueDueAt } from "../../domain/next-step.ts";
import { statusOf } from "../../domain/status.ts";
import { type TestPorts } from "../../in-memory/index.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";
import {
  credential,
  minute,
  openTemplates as open,
  orderReady,
  outlet,
  pause,
  waba,
} from "../../../test/template-sender.ts";

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

  it("waits with all the others, without a list or an attempt for each", async () => {
    const { enqueue, sender, clock, setStatus, transport, templates } = open();
    setStatus("PAUSED");
    for (let count = 0; count < 40; count += 1) {
      (await enqueue(["Budi", "17"]))._unsafeUnwrap();
      await clock.advance(1000);
    }
    for (let second = 0; second < 1800; second += 1) {
      await clock.runUntil(sender.tick());
      await clock.advance(1000);
    }
    expect(transport.submissions).toEqual([]);
    expect(templates.asked.length).toBeLessThan(45);
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
