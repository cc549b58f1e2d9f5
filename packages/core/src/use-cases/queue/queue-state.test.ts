import { okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { template, text } from "../../content/index.ts";
import { exampleCommand, exampleOutcomes } from "../../contracts/fixtures.ts";
import { Secret } from "../../domain/secret.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createPacer } from "../../pacing/pacer.ts";
import type { Permit } from "../../ports/pacer.ts";
import type { EnqueueMessageCommand } from "../accept/send-command.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";

const { tenantId, outletId } = exampleCommand;
const number = "106540352242922";
const why = { reason: "the shop moves", by: "key-1" };

let ports: TestPorts & Pick<MessageSenderPorts, "pacer">;
let sender: MessageSender;
beforeEach(() => {
  const test = createTestPorts();
  ports = { ...test, pacer: createPacer({ clock: test.clock, permits: 8 }) };
  ports.credentials.set(
    { tenantId, outletId },
    { accessToken: new Secret("EAAtoken"), phoneNumberId: number, wabaId: "102" },
  );
  sender = createMessageSender(ports);
});

async function enqueue(content: EnqueueMessageCommand["content"] = text("Hello!")): Promise<void> {
  (await sender.enqueue({ ...exampleCommand, content }))._unsafeUnwrap();
}

async function outlet() {
  return (await sender.queueState())._unsafeUnwrap().outlets[0];
}

/** WhatsApp answers something to the number. */
async function answer(report: (permit: Permit) => void): Promise<void> {
  const rateKey = { tenantId, phoneNumberId: number, to: "+628999", isRetry: false };
  const answered = ports.pacer.withPermit(rateKey, new Date(ports.clock.now().getTime() + 60_000), (permit) => {
    report(permit);
    return okAsync();
  });
  await ports.clock.advance(100);
  expect((await answered).isOk()).toBe(true);
}

describe("the reason why an outlet waits", () => {
  it("is the pause of its number", async () => {
    await enqueue();
    (await sender.pause({ phoneNumberId: number, ...why }))._unsafeUnwrap();
    const reason = `It waits: phone number ${number} is paused by key-1 because: the shop moves`;
    expect(await outlet()).toMatchObject({ isPaused: true, reason });
    (await sender.resume({ id: `number:${number}` }))._unsafeUnwrap();
    expect(await outlet()).toMatchObject({ isPaused: false, reason: "No process has taken it yet." });
  });

  it("names the pause of a template, if messages of it are queued", async () => {
    (await sender.pause({ template: { name: "sale", language: "id" }, ...why }))._unsafeUnwrap();
    await enqueue();
    await enqueue(template("sale", "en", []));
    expect((await outlet())?.reason).toBe("No process has taken it yet.");
    await enqueue(template("sale", "id", []));
    expect(await outlet()).toMatchObject({
      isPaused: false,
      reason:
        "No process has taken it yet. Some of its messages wait: template sale (id) is paused by key-1 because: the shop moves",
    });
  });

  it("names a template that WhatsApp has paused, by its list, as long as it is", async () => {
    const setStatus = (status: string) =>
      ports.templates.set("102", [{ name: "sale", language: "id", status, components: [] }]);
    setStatus("PAUSED");
    await enqueue(template("sale", "id", []));
    await ports.clock.runUntil(sender.tick());
    expect(await outlet()).toMatchObject({
      isPaused: false,
      reason: expect.stringMatching(
        /^Its next message is due at \d{4}-.*Z\. Some of its messages wait: WhatsApp has paused template sale \(id\)\.$/,
      ),
    });
    setStatus("APPROVED");
    await ports.clock.advance(120_000);
    await ports.clock.runUntil(sender.tick());
    expect(await outlet()).toBeUndefined();
  });

  it("names a template that WhatsApp has paused, by its answer", async () => {
    const failure = { class: "template", concerns: "pause", code: 132015, details: "paused" } as const;
    ports.transport.answerWith({ kind: "Refused", final: true, maybeProcessed: false, failure });
    await enqueue(template("sale", "id", []));
    await ports.clock.runUntil(sender.tick());
    expect((await outlet())?.reason).toMatch(/ Some of its messages wait: WhatsApp has paused template sale \(id\)\.$/);
  });

  it("names no template of messages that are scheduled for later", async () => {
    const scheduledAt = new Date(ports.clock.now().getTime() + 3_600_000);
    (await sender.enqueue({ ...exampleCommand, content: template("sale", "id", []), scheduledAt }))._unsafeUnwrap();
    expect((await outlet())?.reason).toBe(`Its next message is due at ${scheduledAt.toISOString()}.`);
  });

  it("is an outage of WhatsApp", async () => {
    await enqueue();
    for (let call = 0; call < 20; call += 1) {
      await answer(({ reportOutcome }) => reportOutcome({ ...exampleOutcomes.Refused, final: false }));
    }
    expect((await outlet())?.reason).toMatch(
      /^It waits: WhatsApp failed 20 of 20 calls in ten seconds\. Its number only probes whether WhatsApp works again, next at \d{4}-/,
    );
  });

  it("is a pause that WhatsApp asked for, and then a lower rate, as long as they last", async () => {
    await enqueue();
    const throttled = (scope: "maintenance" | "number", retryAfterMs: number) =>
      answer(({ reportOutcome }) => reportOutcome({ ...exampleOutcomes.Throttled, scope, retryAfterMs }));
    await throttled("maintenance", 60_000);
    expect((await outlet())?.reason).toMatch(
      /^It waits: its number pauses until \d{4}-.*Z\. WhatsApp says that the account/,
    );
    await ports.clock.advance(60_000);
    await throttled("number", 0);
    expect((await outlet())?.reason).toMatch(
      /^It is being sent at a lower rate\. WhatsApp says that the number's limit is reached\.$/,
    );
    await ports.clock.advance(3_600_000);
    expect((await outlet())?.reason).not.toContain("lower rate");
  });
});
