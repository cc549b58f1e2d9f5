import { ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes } from "../contracts/fixtures.ts";
import type { Outcome } from "../domain/outcome.ts";
import { statusOf } from "../domain/status.ts";
import { createTestPorts, createRecordingTransport, type TestPorts } from "../in-memory/index.ts";
import type { History } from "../ports/history.ts";
import type { Quota } from "../ports/quota.ts";
import { createPacer } from "../pacing/pacer.ts";
import { createMessageSender } from "./message-sender.ts";

const { Accepted, Ambiguous, Refused } = exampleOutcomes;

let ports: TestPorts;
beforeEach(() => {
  ports = createTestPorts();
});

/** A transport that takes so long to answer. */
function slow(ms: number, outcome: Outcome) {
  return createRecordingTransport(async () => {
    await ports.clock.sleep(ms);
    return outcome;
  });
}

describe("a sent message", () => {
  it("is accepted, submitted once, and stored in the history", async () => {
    const sender = createMessageSender(ports, { retry: { jitter: 0 } });
    const { message } = (await sender.send(exampleCommand))._unsafeUnwrap();
    expect(statusOf(message)).toBe("sent");
    expect(ports.transport.submissions).toEqual([
      expect.objectContaining({
        to: exampleCommand.to,
        content: exampleCommand.content,
        callbackData: "ms1:message-000001:1",
      }),
    ]);
    await sender.tick();
    expect(ports.history.conversation(exampleCommand.conversationId)).toEqual([
      {
        messageId: message.id,
        version: message.version,
        correction: false,
        conversationId: exampleCommand.conversationId,
        outlet: { tenantId: exampleCommand.tenantId, outletId: exampleCommand.outletId },
        to: exampleCommand.to,
        content: exampleCommand.content,
        whatsappMessageId: "wamid.1",
        status: "sent",
        sentAt: message.sentAt,
      },
    ]);
    expect(ports.telemetry.events.map(({ kind }) => kind)).toEqual([
      "QuotaReserved",
      "MessageAccepted",
      "AttemptEnded",
      "MessageSent",
      "CallAnswered",
      "HistoryStored",
    ]);
  });

  it("that was not accepted is not stored in the history", async () => {
    const sender = createMessageSender(ports, { retry: { jitter: 0 } });
    ports.transport.answerWith({ ...Refused, final: true });
    (await sender.send(exampleCommand))._unsafeUnwrapErr();
    await sender.tick();
    expect(ports.history.conversation(exampleCommand.conversationId)).toEqual([]);
  });

  it("leaves no content, recipient or token in telemetry", async () => {
    const sender = createMessageSender(ports, { retry: { jitter: 0 } });
    ports.transport.answerWith(Refused, Ambiguous);
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    await sender.tick();
    const told = JSON.stringify(ports.telemetry.events);
    for (const secret of ["628123456789", "Hello", "token-of"]) expect(told).not.toContain(secret);
  });
});

describe("find", () => {
  it("returns only the tenant's own messages", async () => {
    const sender = createMessageSender(ports);
    const { message } = (await sender.send(exampleCommand))._unsafeUnwrap();
    expect((await sender.find(message.id))._unsafeUnwrap()).toEqual(message);
    expect((await sender.find(message.id, "tenant-1"))._unsafeUnwrap()).toEqual(message);
    for (const answer of [sender.find(message.id, "tenant-2"), sender.find("message-000009", "tenant-1")]) {
      expect((await answer)._unsafeUnwrapErr()).toEqual({ kind: "MessageNotFound" });
    }
  });
});

describe("close", () => {
  it("ends a wait at once: the call is interrupted and the key released", async () => {
    const sender = createMessageSender(ports, { retry: { jitter: 0 } });
    ports.transport.answerWith({ ...Refused, maybeProcessed: false });
    const sending = sender.send({ ...exampleCommand, idempotency: { key: "order-42" } });
    await ports.clock.advance(500);
    const closedAt = ports.clock.now();
    const closing = sender.close();
    await ports.clock.advance(0);
    expect((await sending)._unsafeUnwrapErr()).toMatchObject({ kind: "Interrupted", replayed: false });
    expect(ports.clock.now()).toEqual(closedAt);
    await ports.clock.runUntil(closing);
    expect(ports.quota.used("tenant-1")).toBe(0);
    expect((await ports.messages.find({ tenantId: "tenant-1", key: "order-42" }))._unsafeUnwrap()).toBeUndefined();
  });

  it("of a wait after an attempt without an answer leaves the outcome unknown", async () => {
    const sender = createMessageSender(ports, { retry: { jitter: 0 } });
    ports.transport.answerWith(Ambiguous);
    const sending = sender.send(exampleCommand);
    await ports.clock.advance(500);
    await ports.clock.runUntil(sender.close());
    expect((await sending)._unsafeUnwrapErr().kind).toBe("OutcomeUnknown");
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it.each([
    ["is accepted", Accepted, "Sent"],
    ["fails", { ...Refused, maybeProcessed: false }, "Interrupted"],
  ] as const)("lets an attempt in flight finish: it %s", async (_, outcome, kind) => {
    const sender = createMessageSender({ ...ports, transport: slow(10_000, outcome) }, { retry: { jitter: 0 } });
    const sending = sender.send(exampleCommand);
    await ports.clock.advance(1000);
    const closing = sender.close();
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
    await ports.clock.runUntil(closing);
    const sent = await sending;
    expect(sent.isOk() ? "Sent" : sent.error.kind).toBe(kind);
    expect(ports.clock.now()).toEqual(new Date("2025-11-21T10:00:10Z"));
  });

  it("gives up on calls that hang", async () => {
    const sender = createMessageSender({ ...ports, transport: slow(3_600_000, Accepted) });
    const sending = sender.send(exampleCommand);
    await ports.clock.advance(0);
    await ports.clock.runUntil(sender.close());
    expect(ports.clock.now()).toEqual(new Date("2025-11-21T10:00:11Z"));
    expect((await sending)._unsafeUnwrapErr()).toMatchObject({ kind: "OutcomeUnknown" });
  });

  it("lets no call that still waits for a permit make its first attempt", async () => {
    const pacer = createPacer({ clock: ports.clock, permits: 1, rates: false });
    const sender = createMessageSender({ ...ports, pacer, transport: slow(5000, Accepted) });
    const sending = sender.send(exampleCommand);
    const waiting = [sender.send(exampleCommand), sender.send(exampleCommand)];
    await ports.clock.advance(1000);
    await ports.clock.runUntil(sender.close());
    expect((await sending).isOk()).toBe(true);
    for (const call of waiting) expect((await call)._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("answers a call that waits for its permit at once, and keeps no unit for it", async () => {
    const sender = createMessageSender({ ...ports, pacer: createPacer({ clock: ports.clock, permits: 8 }) });
    const calls = Array.from({ length: 7 }, () => sender.send(exampleCommand));
    await ports.clock.advance(100);
    const startedAt = ports.clock.now();
    await ports.clock.runUntil(sender.close());
    expect(ports.clock.now()).toEqual(startedAt);
    const answers = await Promise.all(calls);
    expect(answers.map((answer) => (answer.isOk() ? "sent" : answer.error.kind))).toEqual([
      ...Array.from({ length: 5 }, () => "sent"),
      "Unavailable",
      "Unavailable",
    ]);
    expect(ports.quota.used("tenant-1")).toBe(5);
  });

  it("lets no call that waits for a permit to repeat make the repeat", async () => {
    const pacer = createPacer({ clock: ports.clock, permits: 1, rates: false });
    const sender = createMessageSender({ ...ports, pacer }, { retry: { jitter: 0, scheduleMs: [0, 1000] } });
    ports.transport.answerWith({ ...Refused, maybeProcessed: false });
    const repeating = sender.send(exampleCommand);
    await ports.clock.advance(0);
    let free: () => void = () => {};
    const held = pacer.withPermit(
      { tenantId: "t", phoneNumberId: "1", to: "+628123456789", isRetry: false },
      new Date(8e15),
      () => ResultAsync.fromSafePromise(new Promise<void>((resolve) => (free = resolve))),
    );
    await ports.clock.advance(1500);
    const closing = sender.close();
    free();
    await ports.clock.runUntil(closing);
    (await held)._unsafeUnwrap();
    expect((await repeating)._unsafeUnwrapErr()).toMatchObject({ kind: "Interrupted" });
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("delivers the pending history entries, and may be repeated", async () => {
    const sender = createMessageSender(ports);
    sender.start();
    sender.start();
    (await sender.send(exampleCommand))._unsafeUnwrap();
    await ports.clock.runUntil(Promise.all([sender.close(), sender.close()]));
    expect(ports.history.conversation(exampleCommand.conversationId)).toHaveLength(1);
    expect(ports.quota.used("tenant-1")).toBe(1);
    expect((await sender.check())._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
  });
});

describe("start", () => {
  it("delivers history entries in the background", async () => {
    const sender = createMessageSender(ports);
    sender.start();
    (await sender.send(exampleCommand))._unsafeUnwrap();
    await ports.clock.advance(10);
    expect(ports.history.conversation(exampleCommand.conversationId)).toHaveLength(1);
    await ports.clock.runUntil(sender.close());
  });

  it("recovers the messages of an earlier process", async () => {
    const before = createMessageSender(ports);
    (await before.send(exampleCommand))._unsafeUnwrap();
    expect(ports.quota.used("tenant-1")).toBe(100);
    const sender = createMessageSender(ports);
    sender.start();
    await ports.clock.advance(0);
    expect(ports.quota.used("tenant-1")).toBe(1);
    await ports.clock.runUntil(sender.close());
  });
});

describe("options that make no sense", () => {
  it.each([
    { retry: { scheduleMs: [0, -1] } },
    { retry: { attemptTimeoutMs: Number.NaN } },
    { retry: { sendDeadlineMs: Number.POSITIVE_INFINITY } },
    { retry: { jitter: -0.1 } },
    { credentialsTtlMs: -1 },
    { ambiguity: { evidenceMs: -1 } },
  ])("are refused: %o", (options) => {
    expect(() => createMessageSender(ports, options)).toThrow(RangeError);
  });

  it.each([
    [{ sendDeadlineMs: 30_000 }, "there is no option sendDeadlineMs: it is retry.sendDeadlineMs"],
    [{ onAmbiguous: "hold" }, "there is no option onAmbiguous: it is ambiguity.onAmbiguous"],
    [{ retentionMs: 1 }, "there is no option retentionMs: it is retention.keptMs"],
    [{ keysKeptMs: 1 }, "there is no option keysKeptMs: it is idempotency.keptMs"],
    [{ retry: { evidenceMs: 1 } }, "there is no option retry.evidenceMs: it is ambiguity.evidenceMs"],
    [{ retry: { credentialsTtlMs: 1 } }, "there is no option retry.credentialsTtlMs"],
    [{ retries: 4, constructor: 1 }, "there is no option retries"],
    [{ retry: null }, "retry must be an object"],
    [{ retry: { scheduleMs: "0,1000" } }, "retry.scheduleMs must be an array of numbers"],
    [{ retry: { scheduleMs: ["1000"] } }, "retry.scheduleMs must be a number"],
    [{ retry: { sendDeadlineMs: "30000" } }, "retry.sendDeadlineMs must be a number"],
    [{ retry: { random: 4 } }, "retry.random must be a function"],
    [{ ambiguity: { onAmbiguous: "Hold" } }, 'ambiguity.onAmbiguous must be "resend", "verify" or "hold"'],
    [null, "the options of a sender must be an object"],
  ])("are refused where nothing else would notice them: %j", (options, message) => {
    expect(() => createMessageSender(ports, options as never)).toThrow(new TypeError(message));
  });

  it("are those alone that are given", () => {
    const undefinedOnes = { retry: undefined, ambiguity: { evidenceMs: undefined }, credentialsTtlMs: undefined };
    expect(() => createMessageSender(ports, undefinedOnes as never)).not.toThrow();
  });
});

describe("ports that throw", () => {
  const thrower = () => {
    throw new Error("a defect");
  };

  it("leave an attempt without an answer, and no message in flight", async () => {
    const sender = createMessageSender(
      { ...ports, transport: { submit: thrower } },
      { ambiguity: { onAmbiguous: "hold" } },
    );
    const answer = await ports.clock.runUntil(sender.send(exampleCommand));
    expect(answer._unsafeUnwrapErr()).toMatchObject({ kind: "OutcomeUnknown" });
  });

  it("do not end the background work", async () => {
    let failing = true;
    const store: History["store"] = (entries) => (failing ? thrower() : ports.history.store(entries));
    const settle: Quota["settle"] = (block, used) => (failing ? thrower() : ports.quota.settle(block, used));
    const sender = createMessageSender({
      ...ports,
      history: { ...ports.history, store },
      quota: { ...ports.quota, settle },
    });
    sender.start();
    (await sender.send(exampleCommand))._unsafeUnwrap();
    await ports.clock.advance(20_000);
    expect(ports.telemetry.events.filter(({ kind }) => kind === "BackgroundFault").length).toBeGreaterThan(1);
    failing = false;
    await ports.clock.advance(60_000);
    expect(ports.history.conversation(exampleCommand.conversationId)).toHaveLength(1);
    expect(ports.quota.used("tenant-1")).toBe(1);
    await ports.clock.runUntil(sender.close());
  });
});
