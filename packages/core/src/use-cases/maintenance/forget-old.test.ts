import { errAsync, okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleUnavailable } from "../../contracts/fixtures.ts";
import { isErased } from "../../domain/erased.ts";
import { statusOf } from "../../domain/status.ts";
import type { HistoryEntry } from "../../ports/history.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let ports: TestPorts;

beforeEach(() => {
  ports = createTestPorts();
});

const keyed = { ...exampleCommand, idempotency: { key: "order-42" } };

describe("retention", () => {
  it("a key is released after seven days, and its message stays for thirty", async () => {
    const sender = createMessageSender(ports);
    const { message } = (await sender.send(keyed))._unsafeUnwrap();
    await ports.clock.advance(7 * dayMs - 1);
    await sender.tick();
    expect((await sender.send(keyed))._unsafeUnwrap().replayed).toBe(true);
    await ports.clock.advance(hourMs);
    await sender.tick();
    const again = (await sender.send(keyed))._unsafeUnwrap();
    expect([again.replayed, again.message.id === message.id]).toEqual([false, false]);
    expect((await sender.find(message.id)).isOk()).toBe(true);
    await ports.clock.advance(23 * dayMs);
    await sender.tick();
    expect((await sender.find(message.id))._unsafeUnwrapErr().kind).toBe("MessageNotFound");
    expect((await sender.find(again.message.id)).isOk()).toBe(true);
  });

  it("a webhook is forgotten with the messages of its time, a parked status after an hour", async () => {
    const sender = createMessageSender(ports, { retention: { keptMs: dayMs } });
    (await sender.receiveWebhook({ others: ["a"] }))._unsafeUnwrap();
    const update = { wamid: "w", phoneNumberId: "1", status: "read", at: ports.clock.now() } as const;
    (await sender.receiveWebhook({ statuses: [update] }))._unsafeUnwrap();
    await ports.clock.advance(hourMs + 1);
    await sender.tick();
    ports.transport.answerWith({ kind: "Accepted", wamid: "w" });
    (await sender.send(exampleCommand))._unsafeUnwrap();
    expect((await ports.parkedStatuses.matched(1))._unsafeUnwrap()).toEqual([]);
    expect((await ports.webhookInbox.list({ limit: 1, maxBytes: 1e9 }))._unsafeUnwrap().webhooks).toHaveLength(1);
    await ports.clock.advance(dayMs);
    await sender.tick();
    expect((await ports.webhookInbox.list({ limit: 1, maxBytes: 1e9 }))._unsafeUnwrap().webhooks).toEqual([]);
  });

  it("a parked status is kept for an hour, and the next check follows an hour later, however the clock is set", async () => {
    const sender = createMessageSender(ports);
    await sender.tick();
    await ports.clock.advance(hourMs - 60_000);
    const update = { wamid: "w", phoneNumberId: "number-of-outlet-1", status: "read", at: ports.clock.now() } as const;
    (await sender.receiveWebhook({ statuses: [update] }))._unsafeUnwrap();
    ports.clock.stepWall(2 * hourMs);
    await ports.clock.advance(60_000);
    await sender.tick();
    ports.transport.answerWith({ kind: "Accepted", wamid: "w" });
    const { message } = (await sender.send(exampleCommand))._unsafeUnwrap();
    await sender.tick();
    expect(statusOf((await sender.find(message.id))._unsafeUnwrap())).toBe("read");

    (await sender.receiveWebhook({ statuses: [{ ...update, wamid: "never ours" }] }))._unsafeUnwrap();
    ports.clock.stepWall(-3 * hourMs);
    await ports.clock.advance(2 * hourMs);
    await sender.tick();
    ports.transport.answerWith({ kind: "Accepted", wamid: "never ours" });
    (await sender.send(exampleCommand))._unsafeUnwrap();
    expect((await ports.parkedStatuses.matched(1))._unsafeUnwrap()).toEqual([]);
  });

  it("a recipient is forgotten with the messages of that time, unless they opted out of marketing", async () => {
    const sender = createMessageSender(ports, { retention: { keptMs: dayMs } });
    const fact = { phoneNumberId: "1", recipient: "US.1", at: ports.clock.now() };
    const facts = [
      { ...fact, kind: "Wrote" } as const,
      { ...fact, recipient: "US.2", kind: "StoppedMarketing" } as const,
    ];
    (await sender.receiveWebhook({ recipientFacts: facts }))._unsafeUnwrap();
    const find = async (recipient: string) => (await ports.recipients.find("1", recipient))._unsafeUnwrap();
    await ports.clock.advance(dayMs);
    await sender.tick();
    expect(await find("US.1")).toEqual({ wroteAt: fact.at });
    await ports.clock.advance(dayMs);
    await sender.tick();
    expect([await find("US.1"), await find("US.2")]).toEqual([{}, { stoppedMarketingAt: fact.at }]);
  });

  it("a message whose history entry is never delivered, or dead, is erased with its entry, and gone once that is delivered", async () => {
    const history = { isAway: true, told: [] as HistoryEntry[] };
    const sender = createMessageSender(
      {
        ...ports,
        history: {
          store(entries) {
            if (history.isAway) return errAsync(exampleUnavailable);
            history.told.push(...entries);
            return okAsync(entries.map(() => "stored" as const));
          },
        },
      },
      { retention: { keptMs: 2 * hourMs }, idempotency: { keptMs: hourMs } },
    );
    const { message } = (await sender.send({ ...keyed, reference: "order 42" }))._unsafeUnwrap();
    for (let hour = 0; hour < 4; hour += 1) {
      await ports.clock.advance(hourMs);
      await sender.tick();
    }
    const kept = (await sender.find(message.id))._unsafeUnwrap();
    expect([isErased(kept), kept.request.reference]).toEqual([true, undefined]);
    expect(ports.telemetry.events.filter(({ kind }) => kind === "MessageErased")).toMatchObject([
      { messageId: message.id },
    ]);
    history.isAway = false;
    await ports.clock.advance(hourMs);
    await sender.tick();
    expect(history.told).toMatchObject([{ messageId: message.id, status: "sent", to: "erased" }]);
    expect(JSON.stringify(history.told)).not.toContain(exampleCommand.to.slice(1));
    await ports.clock.advance(hourMs);
    await sender.tick();
    expect((await sender.find(message.id))._unsafeUnwrapErr().kind).toBe("MessageNotFound");
  });

  it("a message whose quota block is never settled is erased", async () => {
    const quota = { ...ports.quota, settle: () => errAsync(exampleUnavailable) };
    const sender = createMessageSender({ ...ports, quota }, { retention: { keptMs: 2 * hourMs } });
    const { message } = (await sender.send(exampleCommand))._unsafeUnwrap();
    for (let hour = 0; hour < 4; hour += 1) {
      await ports.clock.advance(hourMs);
      await sender.tick();
    }
    expect(isErased((await sender.find(message.id))._unsafeUnwrap())).toBe(true);
  });

  it("is checked once an hour, and a failure is reported", async () => {
    let looked = 0;
    const retention = {
      kept: () => okAsync([]),
      forget: () => {
        looked += 1;
        return errAsync(exampleUnavailable);
      },
    };
    const sender = createMessageSender({ ...ports, retention });
    for (let round = 0; round < 10; round += 1) await sender.tick();
    await ports.clock.advance(hourMs);
    await sender.tick();
    expect(looked).toBe(2);
    expect(ports.telemetry.events).toContainEqual(expect.objectContaining({ where: "retention" }));
  });
});
