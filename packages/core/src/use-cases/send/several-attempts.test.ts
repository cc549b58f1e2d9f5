import { okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleFailure, exampleOutcomes } from "../../contracts/fixtures.ts";
import { explain } from "../../domain/explain/explanation.ts";
import { recoverOrphan } from "../../domain/message-changes.ts";
import type { Message } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isFinished, isPossibleDuplicate, holdsQuotaUnit, statusOf, wamidsOf } from "../../domain/status.ts";
import { acceptedAttempt } from "../../domain/visible-facts.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import { createTestPorts, createRecordingTransport, type TestPorts } from "../../in-memory/index.ts";
import type { HistoryEntry } from "../../ports/history.ts";
import type { Transport } from "../../ports/transport.ts";
import { createMessageSender } from "../message-sender.ts";

const { Ambiguous, Refused } = exampleOutcomes;
const maybe: Outcome = { ...Refused, failure: { class: "transient", code: 131000, details: "Something went wrong" } };
const accepted = (wamid: string): Outcome => ({ kind: "Accepted", wamid });
const id = "message-000001";
const keyed = { ...exampleCommand, idempotency: { key: "order-42" } };

let ports: TestPorts;
let sender: ReturnType<typeof createMessageSender>;
let told: HistoryEntry[];

beforeEach(() => {
  ports = createTestPorts();
  told = [];
  const { store } = ports.history;
  Object.assign(ports.history, {
    store(entries: readonly HistoryEntry[]) {
      told.push(...entries);
      return store(entries);
    },
  });
  sender = createMessageSender(ports, { retry: { jitter: 0 }, ambiguity: { evidenceMs: 5000 } });
});

const send = () => ports.clock.runUntil(sender.send(keyed));
const stored = async (): Promise<Message> => (await sender.find(id))._unsafeUnwrap();
const toldAs = () => told.map(({ status, correction, whatsappMessageId }) => [status, correction, whatsappMessageId]);

/** What a webhook says of an attempt, under an id of its own. */
async function report(
  number: number,
  status: StatusUpdate["status"],
  change: Partial<StatusUpdate> = {},
): Promise<void> {
  const callbackData = `ms1:${id}:${number}`;
  const update: StatusUpdate = {
    wamid: `wamid.${number}`,
    phoneNumberId: `number-of-${exampleCommand.outletId}`,
    callbackData,
    status,
    at: ports.clock.now(),
    ...change,
  };
  (await sender.receiveWebhook({ statuses: [update] }))._unsafeUnwrap();
  await sender.tick();
}

describe("a report about one attempt says nothing about another", () => {
  it("when the first, answered with an error, fails and the second was accepted", async () => {
    ports.transport.answerWith(maybe, accepted("wamid.2"));
    const { message: sent } = (await send())._unsafeUnwrap();
    await sender.tick();
    await report(1, "failed", { failure: exampleFailure });
    const message = await stored();
    expect([statusOf(message), acceptedAttempt(message)?.wamid, message.sentAt]).toEqual([
      "sent",
      "wamid.2",
      sent.sentAt,
    ]);
    expect([message.version, isPossibleDuplicate(message)]).toEqual([sent.version, true]);
    const replayed = (await send())._unsafeUnwrap();
    expect([replayed.replayed, acceptedAttempt(replayed.message)]).toEqual([true, { wamid: "wamid.2" }]);
    expect(toldAs()).toEqual([["sent", false, "wamid.2"]]);
  });

  it("when the second is delivered and the first fails, and vice versa", async () => {
    ports.transport.answerWith(Ambiguous, accepted("wamid.2"));
    (await send())._unsafeUnwrap();
    await report(1, "sent");
    await report(1, "failed", { failure: exampleFailure });
    expect(statusOf(await stored())).toBe("sent");
    await report(2, "failed", { failure: exampleFailure });
    expect([statusOf(await stored()), acceptedAttempt(await stored())?.wamid]).toEqual(["failed", "wamid.2"]);
    await report(1, "read");
    expect([statusOf(await stored()), acceptedAttempt(await stored())?.wamid]).toEqual(["read", "wamid.1"]);
    expect(toldAs()).toEqual([
      ["sent", false, "wamid.2"],
      ["failed", true, "wamid.2"],
      ["read", true, "wamid.1"],
    ]);
  });

  it("when the second fails and nothing is known about the first: the outcome is unknown until a webhook settles it", async () => {
    ports.transport.answerWith(Ambiguous, accepted("wamid.2"));
    (await send())._unsafeUnwrap();
    await sender.tick();
    await report(2, "failed", { failure: exampleFailure });
    expect(statusOf(await stored())).toBe("unknown");
    await report(1, "failed", { failure: exampleFailure });
    expect([statusOf(await stored()), holdsQuotaUnit(await stored())]).toEqual(["failed", true]);
    expect(toldAs()).toEqual([
      ["sent", false, "wamid.2"],
      ["unknown", true, "wamid.2"],
      ["failed", true, "wamid.2"],
    ]);
    expect((await send())._unsafeUnwrap()).toMatchObject({ replayed: true });
    expect(ports.transport.submissions).toHaveLength(2);
  });

  it("and two ids of one attempt are two copies, whichever arrives first", async () => {
    ports.transport.answerWith(accepted("wamid.1"));
    (await send())._unsafeUnwrap();
    await report(1, "failed", { wamid: "wamid.other", failure: exampleFailure });
    expect([statusOf(await stored()), wamidsOf(await stored())]).toEqual(["sent", ["wamid.1", "wamid.other"]]);
    expect(ports.telemetry.events).toContainEqual(expect.objectContaining({ kind: "DuplicateDetected" }));
  });
});

describe("a webhook that reports failed", () => {
  it("before the answer to its own send: the call is answered with the message failed, as its repeat is", async () => {
    const transport = createRecordingTransport(async () => {
      await report(1, "failed", { failure: exampleFailure });
      return accepted("wamid.1");
    });
    sender = createMessageSender({ ...ports, transport }, { retry: { jitter: 0 } });
    for (const replayed of [false, true]) {
      const sent = (await ports.clock.runUntil(sender.send(keyed)))._unsafeUnwrap();
      expect([sent.replayed, statusOf(sent.message), holdsQuotaUnit(sent.message)]).toEqual([replayed, "failed", true]);
    }
    expect(transport.submissions).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it("of an attempt without an answer settles it: a final code concludes the message at the next slot", async () => {
    ports.transport.answerWith(Ambiguous);
    const sending = sender.send(keyed);
    await ports.clock.advance(500);
    await report(1, "failed", { failure: exampleFailure });
    const error = (await ports.clock.runUntil(sending))._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: "Rejected", failure: exampleFailure });
    expect((await send())._unsafeUnwrapErr()).toMatchObject({ kind: "Rejected", replayed: true });
    expect([statusOf(await stored()), ports.transport.submissions.length]).toEqual(["failed", 1]);
    await ports.clock.advance(6000);
    await sender.tick();
    expect(ports.quota.used("tenant-1")).toBe(0);
  });

  it("of an attempt without an answer settles it: a temporary code is repeated, and that is no duplicate", async () => {
    ports.transport.answerWith(Ambiguous);
    const sending = sender.send({ ...keyed, onAmbiguous: "hold" });
    await ports.clock.advance(0);
    const held = (await ports.clock.runUntil(sending))._unsafeUnwrapErr();
    expect(held.kind).toBe("OutcomeUnknown");

    ports.transport.answerWith(Ambiguous, accepted("wamid.2"));
    const again = sender.send(exampleCommand);
    await ports.clock.advance(500);
    const update = {
      failure: { ...exampleFailure, class: "transient" as const },
      callbackData: "ms1:message-000002:1",
    };
    await report(1, "failed", update);
    const { message } = (await ports.clock.runUntil(again))._unsafeUnwrap();
    expect([message.attempts.length, isPossibleDuplicate(message), statusOf(message)]).toEqual([2, false, "sent"]);
  });

  it("of a held message settles it as failed: its unit is returned, its key answers so, and nothing is sent", async () => {
    ports.transport.answerWith(Ambiguous);
    (await ports.clock.runUntil(sender.send({ ...keyed, onAmbiguous: "hold" })))._unsafeUnwrapErr();
    await ports.clock.advance(6000);
    await sender.tick();
    expect(ports.quota.used("tenant-1")).toBe(1);
    await report(1, "failed", { failure: exampleFailure });
    expect(statusOf(await stored())).toBe("failed");
    expect(await stored()).toMatchObject({ conclusion: { as: "held" } });
    const repeated = await ports.clock.runUntil(sender.send({ ...keyed, onAmbiguous: "hold" }));
    expect(repeated._unsafeUnwrapErr()).toMatchObject({ kind: "Rejected", replayed: true });
    await sender.tick();
    expect(ports.quota.used("tenant-1")).toBe(0);
    expect([told, ports.transport.submissions.length]).toEqual([[], 1]);
    const [attempt] = (await stored()).attempts;
    expect(attempt && explain(await stored(), attempt).reason).toContain(
      "A status webhook later reported that it failed (131026",
    );
  });

  it("of an accepted message begins no other attempt", async () => {
    ports.transport.answerWith(Ambiguous);
    const sending = sender.send(keyed);
    await ports.clock.advance(500);
    await report(1, "sent");
    await report(1, "failed", { failure: { ...exampleFailure, class: "transient" } });
    const { message } = (await ports.clock.runUntil(sending))._unsafeUnwrap();
    expect([statusOf(message), ports.transport.submissions.length]).toEqual(["failed", 1]);
  });
});

it("an orphaned message returns its unit when its resumed call ends, although its block was settled", async () => {
  const silent = { submit: () => ResultAsync.fromSafePromise<Outcome, never>(new Promise(() => {})) };
  const crashed = createMessageSender({ ...ports, transport: silent }, { retry: { jitter: 0 } }).send(keyed);
  await ports.clock.advance(0);
  const left = (await ports.messages.find({ id }))._unsafeUnwrap() as Message;
  (await ports.messages.commit({ next: recoverOrphan(left, ports.clock.now()) }))._unsafeUnwrap();
  await sender.tick();
  expect([(await ports.quotaLedger.unsettled())._unsafeUnwrap(), ports.quota.used("tenant-1")]).toEqual([[], 1]);

  const resumed = sender.send(keyed);
  await ports.clock.advance(0);
  await report(1, "failed", { failure: exampleFailure });
  expect((await ports.clock.runUntil(resumed)).isErr()).toBe(true);
  await sender.tick();
  expect([statusOf(await stored()), ports.quota.used("tenant-1")]).toEqual(["failed", 0]);
  expect(crashed).toBeDefined();
});

describe("a message that is proven sent after its unit was returned", () => {
  it("counts again, even if its block was settled for good", async () => {
    ports.transport.answerWith(maybe, maybe, maybe, maybe);
    (await send())._unsafeUnwrapErr();
    await ports.clock.advance(6000);
    await sender.tick();
    await sender.tick();
    expect(ports.quota.used("tenant-1")).toBe(0);
    await report(2, "delivered");
    await sender.tick();
    expect([statusOf(await stored()), ports.quota.used("tenant-1")]).toEqual(["delivered", 1]);
    expect((await ports.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
    expect(toldAs()).toEqual([["delivered", false, "wamid.2"]]);
  });

  it("counts beyond what was granted, if another message has its unit by then", async () => {
    ports = createTestPorts({ quota: 1 });
    sender = createMessageSender(ports, { retry: { jitter: 0 } });
    ports.transport.answerWith(maybe, maybe, maybe, maybe);
    (await send())._unsafeUnwrapErr();
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    await report(4, "sent", { wamid: "wamid.late" });
    await ports.clock.advance(6000);
    for (const _ of [1, 2, 3]) await sender.tick();
    expect(ports.quota.used("tenant-1")).toBe(2);
    expect((await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
  });

  it("is told to telemetry as one more unit, even if its block was settled for good", async () => {
    ports.transport.answerWith(maybe, maybe, maybe, maybe);
    (await send())._unsafeUnwrapErr();
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    await ports.clock.advance(6000);
    for (const _ of [1, 2]) await sender.tick();
    expect((await ports.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
    await report(4, "sent");
    await sender.tick();
    const settled = ports.telemetry.events.flatMap((event) =>
      event.kind === "QuotaSettled" ? [[event.before, event.used]] : [],
    );
    expect(settled).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it("counts besides other units of a block in use", async () => {
    ports.transport.answerWith(maybe, maybe, maybe, maybe);
    (await send())._unsafeUnwrapErr();
    await report(4, "sent");
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    await ports.clock.advance(6000);
    for (const _ of [1, 2, 3]) await sender.tick();
    expect(ports.quota.used("tenant-1")).toBe(2);
  });
});

describe("a second attempt that is proven in flight before its process dies", () => {
  const silent: Transport = { submit: () => ResultAsync.fromSafePromise(new Promise(() => {})) };

  /** The process that comes after it, on what that one left in the store. */
  function nextProcess() {
    const overdue = () => ResultAsync.fromSafePromise(stored().then((left) => (isFinished(left) ? [] : [left])));
    return createMessageSender({ ...ports, messages: { ...ports.messages, overdue } }, { retry: { jitter: 0 } });
  }

  async function crash(mode: "waiting" | "queued"): Promise<void> {
    const outcomes = [Ambiguous];
    const submit: Transport["submit"] = (...call) =>
      outcomes.length > 0 ? okAsync(outcomes.pop() ?? Ambiguous) : silent.submit(...call);
    const dying = createMessageSender({ ...ports, transport: { submit } }, { retry: { jitter: 0 } });
    if (mode === "waiting")
      dying.send(keyed).then(
        () => {},
        () => {},
      );
    else {
      (await dying.enqueue(keyed))._unsafeUnwrap();
      dying.tick().then(
        () => {},
        () => {},
      );
      await ports.clock.advance(6000);
      dying.tick().then(
        () => {},
        () => {},
      );
    }
    await ports.clock.advance(6000);
    expect(await stored()).toMatchObject({ attempts: [{ ended: {} }, {}] });
    expect((await stored()).attempts[1]?.ended).toBeUndefined();
  }

  it.each(["waiting", "queued"] as const)(
    "is ended, and the message is marked as a possible duplicate: %s",
    async (mode) => {
      await crash(mode);
      await report(2, "sent");
      expect([statusOf(await stored()), isPossibleDuplicate(await stored())]).toEqual(["sent", true]);
      const next = nextProcess();
      await next.tick();
      expect(await stored()).toMatchObject({ attempts: [{}, { ended: { outcome: { kind: "Ambiguous" } } }] });
      expect((await stored()).conclusion).toBeUndefined();
      await report(1, "delivered");
      await next.tick();
      const message = await stored();
      expect([statusOf(message), isPossibleDuplicate(message), isFinished(message)]).toEqual(["delivered", true, true]);
      expect(acceptedAttempt(message)?.wamid).toBe("wamid.1");
      expect(ports.telemetry.events).toContainEqual(expect.objectContaining({ kind: "DuplicateDetected" }));
      expect((await ports.clock.runUntil(next.send(keyed)))._unsafeUnwrap()).toMatchObject({ replayed: true });
    },
  );

  it("is ended even if WhatsApp has reported since that it failed", async () => {
    await crash("waiting");
    await report(2, "sent");
    await report(2, "failed", { failure: exampleFailure });
    expect(statusOf(await stored())).toBe("sending");
    await nextProcess().tick();
    expect(statusOf(await stored())).toBe("unknown");
    await report(1, "failed", { failure: exampleFailure });
    expect(statusOf(await stored())).toBe("failed");
    expect(toldAs()).toEqual([
      ["sent", false, "wamid.2"],
      ["unknown", true, "wamid.2"],
      ["failed", true, "wamid.2"],
    ]);
  });
});
