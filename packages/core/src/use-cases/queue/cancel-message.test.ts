import { errAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes, exampleUnavailable } from "../../contracts/fixtures.ts";
import type { Message } from "../../domain/message.ts";
import { statusOf } from "../../domain/status.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";

const { Ambiguous, NotSent } = exampleOutcomes;

let ports: TestPorts;
let sender: MessageSender;

beforeEach(() => {
  ports = createTestPorts();
  sender = createMessageSender(ports, { retry: { jitter: 0 } });
});

const enqueue = async () => (await sender.enqueue(exampleCommand))._unsafeUnwrap().message.id;
const stored = async (id: string): Promise<Message> => (await sender.find(id))._unsafeUnwrap();

async function settle(): Promise<void> {
  for (let second = 0; second < 8; second += 1) {
    await ports.clock.advance(1000);
    await sender.tick();
  }
}

describe("a canceled message", () => {
  it("is never sent, returns its unit, and is announced once", async () => {
    const heard: string[] = [];
    sender.onStatus(({ status }) => heard.push(status));
    const messageId = await enqueue();
    const canceled = (await sender.cancel({ messageId }))._unsafeUnwrap();
    expect([statusOf(canceled), canceled.conclusion]).toEqual(["canceled", { as: "canceled", at: ports.clock.now() }]);
    await settle();
    expect([ports.transport.submissions, ports.quota.used("tenant-1")]).toEqual([[], 0]);
    expect((await ports.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
    expect(heard).toEqual(["queued", "canceled"]);
  });

  it("may be canceled again, which changes nothing", async () => {
    const messageId = await enqueue();
    const first = (await sender.cancel({ messageId }))._unsafeUnwrap();
    await ports.clock.advance(1000);
    expect((await sender.cancel({ messageId }))._unsafeUnwrap()).toEqual(first);
  });

  it("that may have been sent already is unknown, and keeps its unit", async () => {
    ports.transport.answerWith(Ambiguous);
    const messageId = await enqueue();
    await sender.tick();
    const canceled = (await sender.cancel({ messageId }))._unsafeUnwrap();
    expect([statusOf(canceled), canceled.conclusion?.as]).toEqual(["unknown", "canceled"]);
    await settle();
    expect([ports.transport.submissions.length, ports.quota.used("tenant-1")]).toEqual([1, 1]);
  });

  it("between two attempts makes none any more", async () => {
    ports.transport.answerWith(NotSent);
    const messageId = await enqueue();
    await sender.tick();
    expect(statusOf((await sender.cancel({ messageId }))._unsafeUnwrap())).toBe("canceled");
    await settle();
    expect(await stored(messageId)).toMatchObject({ attempts: { length: 1 }, conclusion: { as: "canceled" } });
  });
});

describe("a message that cannot be canceled", () => {
  const kindOf = async (messageId: string) => (await sender.cancel({ messageId }))._unsafeUnwrapErr();

  it("has been sent", async () => {
    const messageId = await enqueue();
    await sender.tick();
    expect(await kindOf(messageId)).toMatchObject({ kind: "Conflict", action: "cancel", message: { id: messageId } });
  });

  it("is being sent: its attempt is in flight", async () => {
    const messageId = await enqueue();
    const answered = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const { submit } = ports.transport;
    async function submitLater(...given: Parameters<typeof submit>) {
      reached.resolve();
      await answered.promise;
      return submit(...given);
    }
    Object.assign(ports.transport, {
      submit: (...given: Parameters<typeof submit>) => new ResultAsync(submitLater(...given)),
    });
    const round = sender.tick();
    await reached.promise;
    expect((await kindOf(messageId)).kind).toBe("Conflict");
    answered.resolve();
    await round;
    expect(statusOf(await stored(messageId))).toBe("sent");
  });

  it("is waited for by a call", async () => {
    ports.transport.answerWith(NotSent);
    const sending = sender.send(exampleCommand);
    await ports.clock.advance(0);
    const [message] = (await sender.list())._unsafeUnwrap().messages;
    expect((await kindOf(message?.id ?? "")).kind).toBe("Conflict");
    expect((await ports.clock.runUntil(sending)).isOk()).toBe(true);
  });

  it("does not exist, or belongs to another tenant", async () => {
    expect(await kindOf("message-9")).toEqual({ kind: "MessageNotFound" });
    const messageId = await enqueue();
    const foreign = (await sender.cancel({ messageId, tenantId: "tenant-2" }))._unsafeUnwrapErr();
    expect([foreign.kind, statusOf(await stored(messageId))]).toEqual(["MessageNotFound", "queued"]);
  });

  it("cannot be written: the store is unavailable", async () => {
    const messageId = await enqueue();
    Object.assign(ports.messages, { commit: () => errAsync(exampleUnavailable) });
    expect((await kindOf(messageId)).kind).toBe("Unavailable");
  });
});
