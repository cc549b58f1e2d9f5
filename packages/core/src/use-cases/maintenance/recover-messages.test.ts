import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes } from "../../contracts/fixtures.ts";
import type { Message } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isFinished, statusOf } from "../../domain/status.ts";
import { createTestPorts, createRecordingTransport, type TestPorts } from "../../in-memory/index.ts";
import type { Transport } from "../../ports/transport.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";

const { Accepted, Ambiguous, Refused } = exampleOutcomes;
const unavailable = { ...Refused, maybeProcessed: false };
const command = { ...exampleCommand, idempotency: { key: "order-42" } };
const silent: Transport = { submit: () => ResultAsync.fromSafePromise(new Promise(() => {})) };

let ports: TestPorts;

beforeEach(() => {
  ports = createTestPorts();
});

/** The message of `command` as it is stored now. */
async function stored(): Promise<Message | undefined> {
  return (await ports.messages.find({ id: "message-000001" }))._unsafeUnwrap();
}

/** The process that comes after one that died, on what that one left in the store. */
function nextProcess(transport = createRecordingTransport()) {
  const messages = {
    ...ports.messages,
    overdue: () => ResultAsync.fromSafePromise(stored().then((left) => (left && !isFinished(left) ? [left] : []))),
  };
  const sender = createMessageSender({ ...ports, messages, transport }, { retry: { jitter: 0 } });
  sender.start();
  return { sender, transport };
}

/** Lets a process send until the given time, and forgets about it as a crash would. */
async function crashedSend(transport: Transport, ms: number): Promise<void> {
  const sender: MessageSender = createMessageSender({ ...ports, transport }, { retry: { jitter: 0 } });
  sender.send(command).then(
    () => {},
    () => {},
  );
  await ports.clock.advance(ms);
}

/** A transport that ends its first submissions so, and whose process is dead afterwards. */
function answering(...outcomes: readonly Outcome[]): Transport {
  const left = [...outcomes];
  return { submit: (...call) => (left.length > 0 ? okAsync(left.shift() ?? Accepted) : silent.submit(...call)) };
}

describe("a message of a dead process", () => {
  it("in flight is orphaned: its outcome is unknown, its unit kept, and it is not repeated", async () => {
    await crashedSend(silent, 0);
    const { transport } = nextProcess();
    await ports.clock.advance(60_000);
    expect(await stored()).toMatchObject({
      conclusion: { as: "cut off" },
      attempts: [{ ended: { outcome: { kind: "Ambiguous" } } }],
    });
    expect(statusOf((await stored()) as Message)).toBe("unknown");
    expect(transport.submissions).toEqual([]);
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("between attempts is interrupted: its unit is returned and its key released", async () => {
    await crashedSend(answering(unavailable), 500);
    const { sender, transport } = nextProcess();
    await ports.clock.advance(10);
    expect(await stored()).toMatchObject({ conclusion: { as: "interrupted" } });
    expect(ports.quota.used("tenant-1")).toBe(0);
    expect((await ports.clock.runUntil(sender.send(command))).isOk()).toBe(true);
    expect(transport.submissions).toHaveLength(1);
  });

  it("between attempts, after one without an answer, is orphaned", async () => {
    await crashedSend(answering(Ambiguous), 500);
    nextProcess();
    await ports.clock.advance(10);
    expect(await stored()).toMatchObject({ conclusion: { as: "cut off" }, attempts: { length: 1 } });
  });
});

describe("a message that was listed as orphaned", () => {
  it("is left alone if somebody has continued with it since", async () => {
    await crashedSend(silent, 0);
    const listed = (await stored()) as Message;
    const messages = { ...ports.messages, overdue: () => okAsync([listed]) };
    await nextProcess().sender.tick();
    const resumed = nextProcess({ ...createRecordingTransport(), ...silent }).sender.send(command);
    resumed.then(
      () => {},
      () => {},
    );
    await ports.clock.advance(6000);
    expect(await stored()).toMatchObject({ attempts: [{}, {}] });
    await createMessageSender({ ...ports, messages }).tick();
    expect((await stored())?.conclusion).toBeUndefined();
  });

  it("and whose process still answers is concluded by that answer: its key is released, and nothing is sent without a unit", async () => {
    const late = Promise.withResolvers<Outcome>();
    const sender = createMessageSender(
      { ...ports, transport: { submit: () => ResultAsync.fromSafePromise(late.promise) } },
      { retry: { jitter: 0 } },
    );
    const sending = sender.send(command);
    await ports.clock.advance(0);
    const { sender: next, transport } = nextProcess();
    await next.tick();
    expect(await stored()).toMatchObject({ conclusion: { as: "cut off" } });
    late.resolve(unavailable);
    expect((await sending)._unsafeUnwrapErr().kind).toBe("Interrupted");
    expect(await stored()).toMatchObject({ conclusion: { as: "interrupted" }, liftedConclusions: [{ as: "cut off" }] });
    const again = (await ports.clock.runUntil(next.send(command)))._unsafeUnwrap();
    expect(again.message.id).not.toBe("message-000001");
    expect(transport.submissions).toHaveLength(1);
  });

  it.each([
    ["a code that passes", { class: "transient", details: "" } as const, "interrupted", false],
    ["a final code", { class: "recipient", details: "" } as const, "refused", true],
  ])("and of which a webhook says that it failed, with %s, is settled so", async (_, failure, as, replayed) => {
    await crashedSend(silent, 0);
    const { sender: next, transport } = nextProcess();
    await next.tick();
    expect(await stored()).toMatchObject({ conclusion: { as: "cut off" } });
    const said = { wamid: "w", phoneNumberId: "number-of-outlet-1", status: "failed", at: ports.clock.now() } as const;
    (
      await next.receiveWebhook({ statuses: [{ ...said, failure, callbackData: "ms1:message-000001:1" }] })
    )._unsafeUnwrap();
    expect(await stored()).toMatchObject({ conclusion: { as }, liftedConclusions: [{ as: "cut off" }] });
    await next.tick();
    expect(ports.quota.used("tenant-1")).toBe(0);
    const again = await ports.clock.runUntil(next.send(command));
    expect(again.isErr() && again.error).toMatchObject(replayed ? { kind: "Rejected", replayed } : {});
    expect(transport.submissions).toHaveLength(replayed ? 0 : 1);
  });

  it.each([
    ["a code that passes", { class: "transient", details: "" } as const, "interrupted", 1],
    ["a final code", { class: "recipient", details: "" } as const, "refused", 0],
  ])("is settled the same where the webhook came first, with %s", async (_, failure, as, submissions) => {
    await crashedSend(silent, 0);
    const said = { wamid: "w", phoneNumberId: "number-of-outlet-1", status: "failed", at: ports.clock.now() } as const;
    const recorder = createMessageSender(ports);
    (
      await recorder.receiveWebhook({ statuses: [{ ...said, failure, callbackData: "ms1:message-000001:1" }] })
    )._unsafeUnwrap();
    const { sender: next, transport } = nextProcess();
    await next.tick();
    expect(await stored()).toMatchObject({ conclusion: { as } });
    const again = await ports.clock.runUntil(next.send(command));
    expect([again.isOk(), transport.submissions.length]).toEqual([submissions === 1, submissions]);
  });

  it("and that an operator resent belongs to the queue: the call that waited does not conclude it", async () => {
    const late = Promise.withResolvers<Outcome>();
    const sender = createMessageSender(
      { ...ports, transport: { submit: () => ResultAsync.fromSafePromise(late.promise) } },
      { retry: { jitter: 0, sendDeadlineMs: 1000 } },
    );
    const sending = sender.send(command);
    await ports.clock.advance(0);
    const { sender: next } = nextProcess();
    await next.tick();
    (await next.resolve({ messageId: "message-000001", action: "resend" }))._unsafeUnwrap();
    await ports.clock.advance(2000);
    late.resolve(unavailable);
    const answer = await ports.clock.runUntil(sending);
    expect(answer.isErr() ? answer.error.kind : "sent").not.toBe("DeliveryFailed");
    await next.tick();
    await ports.clock.advance(10_000);
    await next.tick();
    expect(statusOf((await stored()) as Message)).toBe("sent");
  });
});

describe("a repeat of the key of an orphaned message", () => {
  it("resumes it: waits five seconds for evidence, then follows the policy and counts earlier attempts", async () => {
    await crashedSend(silent, 0);
    const { sender, transport } = nextProcess();
    await ports.clock.advance(10);
    const repeatedAt = ports.clock.now().getTime();
    const sent = (await ports.clock.runUntil(sender.send(command)))._unsafeUnwrap();
    expect(ports.clock.now().getTime() - repeatedAt).toBeGreaterThanOrEqual(5000);
    expect(sent).toMatchObject({ replayed: false, message: { id: "message-000001", attempts: { length: 2 } } });
    expect(sent.message.liftedConclusions).toMatchObject([{ as: "cut off" }]);
    expect(transport.submissions).toMatchObject([{ callbackData: "ms1:message-000001:2" }]);
    expect((await sender.send(command))._unsafeUnwrap().replayed).toBe(true);
  });

  it("says at once until when evidence is awaited, and that the attempt follows", async () => {
    await crashedSend(silent, 0);
    const { sender } = nextProcess();
    await ports.clock.advance(10);
    const nextAttemptAt = new Date(ports.clock.now().getTime() + 5000);
    const sending = sender.send(command);
    await ports.clock.advance(10);
    const told = ports.telemetry.events.filter(({ kind }) => kind === "AttemptEnded");
    expect(told).toMatchObject([
      { attempt: { number: 1, reason: expect.stringMatching(/^to be repeated at \S+Z, unless/) }, nextAttemptAt },
    ]);
    (await ports.clock.runUntil(sending))._unsafeUnwrap();
  });

  it("does not send again if the policy is hold", async () => {
    const sender = createMessageSender({ ...ports, transport: silent }, { ambiguity: { onAmbiguous: "hold" } });
    sender.send(command).then(
      () => {},
      () => {},
    );
    await ports.clock.advance(0);
    const next = nextProcess();
    await ports.clock.advance(10);
    const answer = await ports.clock.runUntil(next.sender.send(command));
    expect(answer._unsafeUnwrapErr()).toMatchObject({ kind: "OutcomeUnknown" });
    expect(next.transport.submissions).toEqual([]);
  });

  it.each([{ kind: "Unavailable", reason: "down" }, { kind: "OutletUnknown" }, { kind: "NoOtherCredential" }] as const)(
    "changes nothing and says what is known of the message, if its outlet has no credential: %o",
    async (why) => {
      await crashedSend(silent, 0);
      await nextProcess().sender.tick();
      const left = await stored();
      const credentials = { lookup: () => errAsync(why) };
      const sender = createMessageSender({ ...ports, credentials });
      expect((await sender.send(command))._unsafeUnwrapErr()).toMatchObject({ ...why, message: left });
      expect(await stored()).toEqual(left);
      expect(left && statusOf(left)).toBe("unknown");
    },
  );

  it("needs no credential if no attempt follows", async () => {
    const sender = createMessageSender({ ...ports, transport: silent }, { ambiguity: { onAmbiguous: "hold" } });
    sender.send(command).then(
      () => {},
      () => {},
    );
    await ports.clock.advance(0);
    await nextProcess().sender.tick();
    const credentials = { lookup: () => errAsync({ kind: "Unavailable", reason: "down" } as const) };
    const repeated = createMessageSender({ ...ports, credentials }).send(command);
    expect((await ports.clock.runUntil(repeated))._unsafeUnwrapErr()).toMatchObject({ kind: "OutcomeUnknown" });
  });

  it("is in progress for another repeat meanwhile, which gets the same message", async () => {
    await crashedSend(silent, 0);
    const { sender } = nextProcess();
    await ports.clock.advance(10);
    const [first, second] = [sender.send(command), sender.send(command)];
    const told = { kind: "InProgress", replayed: false, message: { id: "message-000001" } };
    expect((await second)._unsafeUnwrapErr()).toMatchObject(told);
    expect((await ports.clock.runUntil(first)).isOk()).toBe(true);
  });
});
