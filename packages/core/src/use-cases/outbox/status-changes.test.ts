import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleUnavailable } from "../../contracts/fixtures.ts";
import { eventIdOf, type StatusEvent } from "../../domain/status-event.ts";
import {
  createRecordingStatusCallbacks,
  createTestPorts,
  type RecordingStatusCallbacks,
  type TestPorts,
} from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";

let ports: TestPorts;
let statusCallbacks: RecordingStatusCallbacks;

beforeEach(() => {
  ports = createTestPorts();
  statusCallbacks = createRecordingStatusCallbacks();
});

const shown = (events: readonly StatusEvent[]) => events.map(({ version, status }) => `${version} ${status}`);
const waiting = async () => (await ports.outbox.claim("status", { limit: 100, leaseMs: 1 }))._unsafeUnwrap();

async function report(sender: ReturnType<typeof createMessageSender>, status: "delivered" | "read", wamid: string) {
  const phoneNumberId = (await ports.credentials.lookup(exampleCommand))._unsafeUnwrap().phoneNumberId;
  const update = { wamid, phoneNumberId, status, at: ports.clock.now() };
  (await sender.receiveWebhook({ statuses: [update] }))._unsafeUnwrap();
}

describe("status events", () => {
  it("are delivered for each version of a message, in order", async () => {
    const sender = createMessageSender({ ...ports, statusCallbacks });
    const sent = await ports.clock.runUntil(sender.send({ ...exampleCommand, reference: "order-1" }));
    const [wamid = ""] = sent
      ._unsafeUnwrap()
      .message.attempts.flatMap(({ ended }) => (ended?.outcome.kind === "Accepted" ? [ended.outcome.wamid] : []));
    await report(sender, "read", wamid);
    await report(sender, "delivered", wamid);
    await sender.tick();
    expect(shown(statusCallbacks.events)).toEqual(["1 queued", "2 sending", "3 sent", "4 read", "5 read"]);
    expect(new Set(statusCallbacks.events.map(eventIdOf)).size).toBe(5);
    expect(statusCallbacks.events[0]).toMatchObject({ reference: "order-1", to: exampleCommand.to });
    const delivered = ports.telemetry.events.filter(({ kind }) => kind === "CallbackDelivered");
    expect(delivered).toHaveLength(5);
    expect(delivered[0]).toMatchObject({ version: 1, tenantId: exampleCommand.tenantId, lagMs: expect.any(Number) });
  });

  it("are delivered for a queued message, and for one that ends without being sent", async () => {
    const sender = createMessageSender({ ...ports, statusCallbacks });
    const failure = { class: "recipient", details: "no" } as const;
    ports.transport.answerWith({ kind: "Refused", final: true, maybeProcessed: false, failure });
    (await sender.enqueue(exampleCommand))._unsafeUnwrap();
    await sender.tick();
    await sender.tick();
    expect(shown(statusCallbacks.events)).toEqual(["1 queued", "2 sending", "3 queued", "4 failed"]);
  });

  it("are not stored where nobody wants them, or where there is no receiver", async () => {
    statusCallbacks.answer(exampleCommand.tenantId, "unwanted");
    for (const own of [{ ...ports, statusCallbacks }, ports]) {
      const sender = createMessageSender(own);
      (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    }
    expect(await waiting()).toEqual([]);
  });

  it("are stored in the commit of the change: a change that was not committed has none", async () => {
    const messages = { ...ports.messages, accept: () => errAsync(exampleUnavailable) };
    const sender = createMessageSender({ ...ports, messages, statusCallbacks });
    expect((await ports.clock.runUntil(sender.send(exampleCommand))).isErr()).toBe(true);
    expect(await waiting()).toEqual([]);
  });

  it("are stored if the port cannot say whether they are wanted", async () => {
    const broken = {
      ...statusCallbacks,
      isWanted(): boolean {
        throw new Error("a defect");
      },
    };
    const sender = createMessageSender({ ...ports, statusCallbacks: broken });
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    await sender.tick();
    expect(shown(statusCallbacks.events)).toEqual(["1 queued", "2 sending", "3 sent"]);
  });
});

describe("onStatus", () => {
  it("announces each change after its commit, until the subscription ends", async () => {
    const sender = createMessageSender(ports);
    const events: StatusEvent[] = [];
    const stored: (number | undefined)[] = [];
    const stop = sender.onStatus(async (event) => {
      events.push(event);
      stored.push((await ports.messages.find({ id: event.messageId }))._unsafeUnwrap()?.version);
    });
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    expect(shown(events)).toEqual(["1 queued", "2 sending", "3 sent"]);
    expect(stored).toEqual([2, 2, 3]);
    expect(await waiting()).toEqual([]);
    stop();
    stop();
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    expect(events).toHaveLength(3);
  });

  it("a listener that throws, rejects or never ends harms nothing", async () => {
    const sender = createMessageSender({ ...ports, statusCallbacks });
    sender.onStatus(() => {
      throw new Error("secret words");
    });
    sender.onStatus(() => Promise.reject(new TypeError("secret words")));
    sender.onStatus(() => new Promise(() => {}));
    const events: StatusEvent[] = [];
    sender.onStatus((event) => events.push(event));
    (await ports.clock.runUntil(sender.send(exampleCommand)))._unsafeUnwrap();
    await sender.tick();
    expect(shown(events)).toEqual(shown(statusCallbacks.events));
    const faults = ports.telemetry.events.filter(({ kind }) => kind === "BackgroundFault");
    expect(faults).toHaveLength(6);
    expect(JSON.stringify(faults)).not.toContain("secret words");
  });

  it("announces no change that was not committed", async () => {
    const messages = { ...ports.messages, commit: () => errAsync(exampleUnavailable) };
    const sender = createMessageSender({ ...ports, messages });
    const events: StatusEvent[] = [];
    sender.onStatus((event) => events.push(event));
    expect((await ports.clock.runUntil(sender.send(exampleCommand))).isErr()).toBe(true);
    expect(shown(events)).toEqual(["1 queued", "2 sending"]);
  });
});
