import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleFailure, exampleOutcomes, exampleUnavailable } from "../../contracts/fixtures.ts";
import type { Message } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isPossibleDuplicate, statusOf } from "../../domain/status.ts";
import { acceptedAttempt } from "../../domain/visible-facts.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";

const { Ambiguous, NotSent, Throttled } = exampleOutcomes;
const final: Outcome = { kind: "Refused", failure: exampleFailure, final: true, maybeProcessed: false };
const accepted = (wamid: string): Outcome => ({ kind: "Accepted", wamid });
const id = "message-000001";
const keyed = { ...exampleCommand, idempotency: { key: "order-42" } };

let ports: TestPorts;
let sender: MessageSender;

function start(quota?: number): void {
  ports = createTestPorts(quota === undefined ? {} : { quota });
  sender = createMessageSender(ports, { retry: { jitter: 0 }, ambiguity: { evidenceMs: 5000 } });
}

beforeEach(() => start());

const send = () => ports.clock.runUntil(sender.send(keyed));
const stored = async (): Promise<Message> => (await sender.find(id))._unsafeUnwrap();
const resend = () => sender.resolve({ messageId: id, action: "resend" });
const history = () =>
  ports.history
    .conversation(exampleCommand.conversationId)
    .map(({ status, whatsappMessageId, correction }) => [status, whatsappMessageId, correction]);

async function report(number: number, status: StatusUpdate["status"], wamid = `wamid.${number}`): Promise<void> {
  const phoneNumberId = `number-of-${exampleCommand.outletId}`;
  const failure = status === "failed" ? { failure: exampleFailure } : {};
  const update = {
    wamid,
    phoneNumberId,
    callbackData: `ms1:${id}:${number}`,
    status,
    at: ports.clock.now(),
    ...failure,
  };
  (await sender.receiveWebhook({ statuses: [update] }))._unsafeUnwrap();
}

/** Long enough for a block to be idle and settled. */
async function settle(): Promise<void> {
  for (let second = 0; second < 8; second += 1) {
    await ports.clock.advance(1000);
    await sender.tick();
  }
}

describe("a resend of a message that failed", () => {
  it("after a rejection takes a new unit, since the old one was returned", async () => {
    ports.transport.answerWith(final);
    (await send())._unsafeUnwrapErr();
    await settle();
    expect(ports.quota.used("tenant-1")).toBe(0);
    const resent = (await resend())._unsafeUnwrap();
    expect([statusOf(resent), resent.mode, resent.conclusion]).toEqual(["queued", "queued", undefined]);
    expect(resent.liftedConclusions).toMatchObject([{ as: "refused", liftedAt: ports.clock.now() }]);
    await settle();
    const message = await stored();
    expect([statusOf(message), message.attempts.length, isPossibleDuplicate(message)]).toEqual(["sent", 2, false]);
    expect(ports.quota.used("tenant-1")).toBe(1);
    expect((await send())._unsafeUnwrap()).toMatchObject({ replayed: true, message: { id } });
    expect((await ports.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
  });

  it("returns that unit if it is rejected again", async () => {
    ports.transport.answerWith(final, final);
    (await send())._unsafeUnwrapErr();
    await settle();
    (await resend())._unsafeUnwrap();
    await settle();
    expect([statusOf(await stored()), ports.quota.used("tenant-1")]).toEqual(["failed", 0]);
    expect((await send())._unsafeUnwrapErr()).toMatchObject({ kind: "Rejected", replayed: true });
  });

  it("is QuotaExceeded if there is no unit, and changes nothing", async () => {
    start(1);
    ports.transport.answerWith(final);
    (await send())._unsafeUnwrapErr();
    await settle();
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    const before = await stored();
    expect((await resend())._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    expect(await stored()).toBe(before);
  });

  it("after a webhook reported the failure keeps its unit; the history gets the failure and the new acceptance", async () => {
    ports.transport.answerWith(accepted("wamid.1"), accepted("wamid.2"));
    (await send())._unsafeUnwrap();
    await report(1, "failed");
    await settle();
    expect(history()).toEqual([["failed", "wamid.1", true]]);
    const resent = (await resend())._unsafeUnwrap();
    expect([statusOf(resent), resent.resends]).toEqual(["queued", [{ at: ports.clock.now(), earlierAttempts: 1 }]]);
    expect((await sender.send(keyed))._unsafeUnwrapErr()).toMatchObject({ kind: "Queued", replayed: true });
    await settle();
    const message = await stored();
    expect([statusOf(message), acceptedAttempt(message)?.wamid, isPossibleDuplicate(message)]).toEqual([
      "sent",
      "wamid.2",
      false,
    ]);
    expect(history()).toEqual([["sent", "wamid.2", true]]);
    expect(ports.quota.used("tenant-1")).toBe(1);
    await report(1, "failed");
    expect(statusOf(await stored())).toBe("sent");
  });

  it("restarts its schedule, and is settled by a webhook that proves an earlier attempt", async () => {
    ports.transport.answerWith(NotSent, NotSent, NotSent, NotSent);
    (await send())._unsafeUnwrapErr();
    (await resend())._unsafeUnwrap();
    ports.transport.answerWith(NotSent, NotSent);
    await sender.tick();
    await ports.clock.advance(1000);
    await sender.tick();
    expect((await stored()).attempts).toHaveLength(6);
    await report(2, "delivered");
    await settle();
    expect([statusOf(await stored()), (await stored()).attempts.length]).toEqual(["delivered", 6]);
  });

  it("can be requested repeatedly, each time with its own time", async () => {
    ports.transport.answerWith(final, final, final);
    (await send())._unsafeUnwrapErr();
    for (const _ of [1, 2]) {
      (await resend())._unsafeUnwrap();
      await settle();
    }
    expect((await stored()).liftedConclusions).toMatchObject([{ as: "refused" }, { as: "refused" }]);
    expect((await stored()).attempts).toHaveLength(3);
  });

  it("is possible after it was abandoned, with the unit that it kept", async () => {
    ports.transport.answerWith(Ambiguous);
    (await ports.clock.runUntil(sender.send({ ...keyed, onAmbiguous: "hold" })))._unsafeUnwrapErr();
    (await sender.resolve({ messageId: id, action: "abandon" }))._unsafeUnwrap();
    await settle();
    (await resend())._unsafeUnwrap();
    await settle();
    expect([statusOf(await stored()), isPossibleDuplicate(await stored())]).toEqual(["sent", true]);
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("happens once, however many request it at once, and costs one unit", async () => {
    ports.transport.answerWith(final);
    (await send())._unsafeUnwrapErr();
    await settle();
    const answers = await Promise.all(Array.from({ length: 10 }, resend));
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1);
    await settle();
    expect([(await stored()).attempts.length, ports.quota.used("tenant-1")]).toEqual([2, 1]);
  });

  it("that the store does not commit is Unavailable, and the store decides whether its unit is used", async () => {
    ports.transport.answerWith(final);
    (await send())._unsafeUnwrapErr();
    await settle();
    const away = createMessageSender({
      ...ports,
      messages: { ...ports.messages, commit: () => errAsync(exampleUnavailable) },
    });
    expect((await away.resolve({ messageId: id, action: "resend" }))._unsafeUnwrapErr().kind).toBe("Unavailable");
    for (let second = 0; second < 8; second += 1) {
      await ports.clock.advance(1000);
      await away.tick();
    }
    expect(ports.quota.used("tenant-1")).toBe(0);
  });
});

describe("a resend is a conflict", () => {
  it.each([
    ["throttled", [{ ...Throttled, retryAfterMs: 90_000 }], "failed"],
    ["sent", [accepted("wamid.1")], "sent"],
  ] as const)("of a message that was %s", async (_, outcomes, status) => {
    ports.transport.answerWith(...outcomes);
    expect((await send()).isOk()).toBe(status === "sent");
    const before = await stored();
    expect(statusOf(before)).toBe(status);
    expect((await resend())._unsafeUnwrapErr()).toEqual({ kind: "Conflict", message: before, action: "resend" });
    expect(await stored()).toBe(before);
  });

  it("of a message that was interrupted", async () => {
    ports.transport.answerWith(NotSent);
    const sending = sender.send(keyed);
    await ports.clock.advance(0);
    await ports.clock.runUntil(sender.close());
    expect((await sending)._unsafeUnwrapErr().kind).toBe("Interrupted");
    sender = createMessageSender(ports);
    expect((await resend())._unsafeUnwrapErr().kind).toBe("Conflict");
  });

  it("of a queued message, even one that was just resent", async () => {
    ports.transport.answerWith(final);
    (await send())._unsafeUnwrapErr();
    (await resend())._unsafeUnwrap();
    expect((await resend())._unsafeUnwrapErr().kind).toBe("Conflict");
  });

  it("but not of one that was throttled with an unknown outcome: its key is not released", async () => {
    ports.transport.answerWith(Ambiguous, { ...Throttled, retryAfterMs: 90_000 });
    (await send())._unsafeUnwrapErr();
    expect([statusOf(await stored()), (await stored()).conclusion?.as]).toEqual(["unknown", "throttled"]);
    (await resend())._unsafeUnwrap();
  });
});
