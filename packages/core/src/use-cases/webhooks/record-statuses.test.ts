import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes, exampleUnavailable } from "../../contracts/fixtures.ts";
import { statusOf, wamidsOf } from "../../domain/status.ts";
import type { StatusUpdate } from "../../domain/status-update.ts";
import { createTestPorts, createInMemoryStore, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";

const { Ambiguous, NotSent, Refused } = exampleOutcomes;
const phoneNumberId = `number-of-${exampleCommand.outletId}`;
const id = "message-000001";
const update = (status: StatusUpdate["status"], change: Partial<StatusUpdate> = {}): StatusUpdate => ({
  wamid: "wamid.1",
  phoneNumberId,
  callbackData: `ms1:${id}:1`,
  status,
  at: new Date("2025-11-21T10:00:07Z"),
  ...change,
});

let ports: TestPorts;
let sender: ReturnType<typeof createMessageSender>;

beforeEach(() => {
  ports = createTestPorts();
  sender = createMessageSender(ports, { retry: { jitter: 0, scheduleMs: [0, 1000] }, ambiguity: { evidenceMs: 5000 } });
});

const stored = async () => (await sender.find(id))._unsafeUnwrap();
const history = () => ports.history.conversation(exampleCommand.conversationId);

describe("statuses", () => {
  it("lead to the same message a thousand times, in any order", async () => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const updates = (["read", "sent", "delivered"] as const).map((status) => update(status));
    for (const batch of [updates, updates.toReversed(), ...Array.from({ length: 1000 }, () => updates)]) {
      expect((await sender.receiveWebhook({ statuses: batch }))._unsafeUnwrap()).toEqual({
        applied: 3,
        parked: 0,
        unmatched: 0,
        kept: 0,
      });
    }
    const message = await stored();
    expect(statusOf(message)).toBe("read");
    expect(message.revision).toBeLessThan(6);
  });

  it("with an invalid field are unmatched, and those beside them are recorded", async () => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const invalid: Partial<Record<keyof StatusUpdate, unknown>>[] = [
      { at: new Date("yesterday") },
      { at: "2025-11-21T10:00:07Z" },
      { status: "warning" },
      { status: "constructor" },
      { wamid: 5, callbackData: undefined },
      { phoneNumberId: undefined },
      { callbackData: {} },
    ];
    const statuses = invalid.map((change) => update("read", change as Partial<StatusUpdate>));
    const received = await sender.receiveWebhook({ statuses: [...statuses, update("delivered")] });
    expect(received._unsafeUnwrap()).toEqual({ applied: 1, parked: 0, unmatched: invalid.length, kept: 0 });
    expect((await stored()).attempts[0]?.reports).toMatchObject([{ statuses: { delivered: update("sent").at } }]);
    expect(statusOf(await stored())).toBe("delivered");
  });

  it("prove that an attempt without an answer was accepted: it is not repeated", async () => {
    ports.transport.answerWith(Ambiguous);
    const sending = sender.send(exampleCommand);
    await ports.clock.advance(500);
    (await sender.receiveWebhook({ statuses: [update("sent", { wamid: "wamid.lost" })] }))._unsafeUnwrap();
    const sent = (await ports.clock.runUntil(sending))._unsafeUnwrap();
    expect(ports.transport.submissions).toHaveLength(1);
    expect(wamidsOf(sent.message)).toEqual(["wamid.lost"]);
    await sender.tick();
    expect(history()).toMatchObject([{ status: "sent", whatsappMessageId: "wamid.lost" }]);
  });

  it("settle a message whose outcome was unknown, and store it in the history then", async () => {
    ports.transport.answerWith(Ambiguous, NotSent);
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrapErr();
    expect([statusOf(await stored()), history()]).toEqual(["unknown", []]);
    (await sender.receiveWebhook({ statuses: [update("delivered", { wamid: "wamid.lost" })] }))._unsafeUnwrap();
    await sender.tick();
    expect([statusOf(await stored()), history().length]).toEqual(["delivered", 1]);
  });

  it("say when a message was sent, even if its answer was lost and no `sent` arrives", async () => {
    ports.transport.answerWith(Ambiguous, NotSent);
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrapErr();
    (await sender.receiveWebhook({ statuses: [update("delivered", { wamid: "wamid.lost" })] }))._unsafeUnwrap();
    expect((await stored()).sentAt).toEqual(update("delivered").at);
    (
      await sender.receiveWebhook({ statuses: [update("sent", { wamid: "wamid.lost", at: new Date(0) })] })
    )._unsafeUnwrap();
    expect((await stored()).sentAt).toEqual(update("delivered").at);
  });

  it("that report a failure are recorded once in telemetry, with the code and no content", async () => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const failure = { class: "recipient", code: 131026, title: "undeliverable", details: "to +628123456789" } as const;
    const failed = update("failed", { failure, wamid: wamidsOf(await stored())[0] ?? "" });
    const told = () => ports.telemetry.events.filter(({ kind }) => kind === "FailureReported");
    (await sender.receiveWebhook({ statuses: [update("sent", { wamid: failed.wamid })] }))._unsafeUnwrap();
    expect(told()).toEqual([]);
    for (const _ of [1, 2]) (await sender.receiveWebhook({ statuses: [failed, failed] }))._unsafeUnwrap();
    expect(told()).toEqual([
      {
        kind: "FailureReported",
        messageId: id,
        attempt: 1,
        wamid: failed.wamid,
        status: "failed",
        code: 131026,
        title: "undeliverable",
      },
    ]);
  });

  it("that change the status are recorded in telemetry, once", async () => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    for (const status of ["sent", "delivered", "delivered", "sent"] as const)
      (await sender.receiveWebhook({ statuses: [update(status)] }))._unsafeUnwrap();
    expect(ports.telemetry.events.filter(({ kind }) => kind === "StatusChanged")).toEqual([
      { kind: "StatusChanged", messageId: id, from: "sent", to: "delivered" },
    ]);
  });

  it("that report the failure of a sent message correct the history", async () => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    await sender.tick();
    const failure = { class: "recipient", code: 131026, details: "Message undeliverable" } as const;
    (await sender.receiveWebhook({ statuses: [update("failed", { failure })] }))._unsafeUnwrap();
    await sender.tick();
    expect(history()).toMatchObject([{ status: "failed", correction: true }]);
    expect(await stored()).toMatchObject({ attempts: [{ reports: [{ failure }] }] });
  });

  it("are matched by WhatsApp's id if they have no callback data", async () => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const { callbackData: _, ...bare } = update("delivered");
    expect((await sender.receiveWebhook({ statuses: [bare] }))._unsafeUnwrap()).toEqual({
      applied: 1,
      parked: 0,
      unmatched: 0,
      kept: 0,
    });
    expect(statusOf(await stored())).toBe("delivered");
  });

  it.each([
    ["another number's", { phoneNumberId: "another" }],
    ["an attempt that was not made", { callbackData: `ms1:${id}:7`, wamid: "wamid.x" }],
    ["a message that is not there", { callbackData: "ms1:message-9:1", wamid: "wamid.x" }],
  ])("of %s are counted and change nothing, and hold up no other", async (_, change) => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const before = await stored();
    expect((await sender.receiveWebhook({ statuses: [update("read", change)] }))._unsafeUnwrap()).toEqual({
      applied: 0,
      parked: 0,
      unmatched: 1,
      kept: 0,
    });
    expect(await stored()).toBe(before);
    const both = [update("read", change), update("delivered")];
    expect((await sender.receiveWebhook({ statuses: both }))._unsafeUnwrap()).toEqual({
      applied: 1,
      parked: 0,
      unmatched: 1,
      kept: 0,
    });
  });

  it.each([
    ["without data", undefined],
    ["with somebody else's data", "order 17"],
  ])("that come %s before it is known whose they are wait for it", async (_, callbackData) => {
    const { callbackData: __, ...rest } = update("delivered", { wamid: "wamid.1" });
    const bare = callbackData === undefined ? rest : { ...rest, callbackData };
    expect((await sender.receiveWebhook({ statuses: [bare, bare] }))._unsafeUnwrap()).toEqual({
      applied: 0,
      parked: 2,
      unmatched: 0,
      kept: 0,
    });
    await sender.tick();
    ports.transport.answerWith({ kind: "Accepted", wamid: "wamid.1" });
    (await sender.send(exampleCommand))._unsafeUnwrap();
    expect(statusOf(await stored())).toBe("sent");
    await sender.tick();
    expect(statusOf(await stored())).toBe("delivered");
    expect((await ports.parkedStatuses.matched(1))._unsafeUnwrap()).toEqual([]);
  });

  it("are counted when the oldest are dropped to make room", async () => {
    const small = { ...ports, ...createInMemoryStore({ clock: ports.clock, parkedStatusCapacity: 10 }) };
    const strangers = Array.from({ length: 13 }, (_, index): StatusUpdate => {
      const { callbackData: _ours, ...foreign } = update("sent", { wamid: `wamid.foreign.${index}` });
      return foreign;
    });
    (await createMessageSender(small).receiveWebhook({ statuses: strangers }))._unsafeUnwrap();
    expect(ports.telemetry.events).toContainEqual({ kind: "ParkedStatusesForgotten", count: 3 });
  });

  it("stay parked while the store cannot record them", async () => {
    const { callbackData: _, ...bare } = update("delivered", { wamid: "wamid.1" });
    (await sender.receiveWebhook({ statuses: [bare] }))._unsafeUnwrap();
    ports.transport.answerWith({ kind: "Accepted", wamid: "wamid.1" });
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const messages = { ...ports.messages, commit: () => errAsync(exampleUnavailable) };
    await createMessageSender({ ...ports, messages }).tick();
    expect((await ports.parkedStatuses.matched(1))._unsafeUnwrap()).toEqual([bare]);
    expect(ports.telemetry.events).toContainEqual(
      expect.objectContaining({ kind: "BackgroundFault", where: "parked statuses" }),
    );
  });

  it("with a second id for one message are reported as a duplicate", async () => {
    ports.transport.answerWith(Ambiguous);
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    (await sender.receiveWebhook({ statuses: [update("sent", { wamid: "wamid.lost" })] }))._unsafeUnwrap();
    (await sender.receiveWebhook({ statuses: [update("delivered", { wamid: "wamid.lost" })] }))._unsafeUnwrap();
    expect(ports.telemetry.events.filter(({ kind }) => kind === "DuplicateDetected")).toMatchObject([
      { messageId: id, wamids: ["wamid.lost", expect.any(String)] },
    ]);
  });

  it("keep the pricing of the earliest of each status", async () => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const later = { billable: true, model: "PMP", category: "utility", type: "regular" };
    const first = { ...later, billable: false };
    const early = update("delivered", { pricing: first, at: new Date("2025-11-21T10:00:05Z") });
    for (const batch of [
      [update("delivered", { pricing: later })],
      [early],
      [update("delivered", { pricing: later })],
    ]) {
      (await sender.receiveWebhook({ statuses: batch }))._unsafeUnwrap();
    }
    expect((await stored()).attempts[0]?.reports?.[0]?.pricing).toEqual({ delivered: first });
  });

  it("are rejected while the store is unavailable, so that WhatsApp sends them again", async () => {
    (await sender.send(exampleCommand))._unsafeUnwrap();
    const messages = { ...ports.messages, commit: () => errAsync(exampleUnavailable) };
    const away = createMessageSender({ ...ports, messages });
    expect((await away.receiveWebhook({ statuses: [update("read")] }))._unsafeUnwrapErr().kind).toBe("Unavailable");
  });

  it("let verify repeat once if none arrives within five seconds", async () => {
    ports.transport.answerWith({ ...Refused, maybeProcessed: false }, Ambiguous);
    const patient = createMessageSender(ports, {
      retry: { jitter: 0 },
      ambiguity: { onAmbiguous: "verify", evidenceMs: 5000 },
    });
    const startedAt = ports.clock.now().getTime();
    (await ports.clock.runUntil(patient.send(exampleCommand)))._unsafeUnwrap();
    expect(ports.transport.submissions).toHaveLength(3);
    expect(ports.clock.now().getTime() - startedAt).toBe(1500 + 5000);
  });
});
