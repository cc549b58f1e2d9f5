import { okAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes, withReport } from "../../contracts/fixtures.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { statusOf } from "../../domain/status.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import type { MessageLookup } from "../../ports/store/message-store.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";
import type { SendMessageCommand } from "./send-command.ts";

const { Refused, Throttled, Ambiguous, Accepted } = exampleOutcomes;
const final: Outcome = { ...Refused, final: true, maybeProcessed: false };
const keyed: SendMessageCommand = { ...exampleCommand, idempotency: { key: "order-42" } };

let ports: TestPorts;
let sender: MessageSender;
beforeEach(() => {
  ports = createTestPorts();
  sender = createMessageSender(ports, { retry: { jitter: 0 } });
});

const send = (command: SendMessageCommand = keyed) => ports.clock.runUntil(sender.send(command));

describe("one key", () => {
  it("used 100 times at once is one submission", async () => {
    const results = await ports.clock.runUntil(Promise.all(Array.from({ length: 100 }, () => sender.send(keyed))));
    expect(results.filter((result) => result.isOk())).toHaveLength(1);
    expect(results.flatMap((result) => (result.isErr() ? result.error.kind : []))).toEqual(
      Array.from({ length: 99 }, () => "InProgress"),
    );
    expect(ports.transport.submissions).toHaveLength(1);
    await ports.clock.runUntil(sender.close());
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("used by 20 processes at once is one submission and one unit", async () => {
    const senders = Array.from({ length: 20 }, () => createMessageSender(ports, { retry: { jitter: 0 } }));
    const results = await ports.clock.runUntil(Promise.all(senders.map((each) => each.send(keyed))));
    expect(results.filter((result) => result.isOk() && !result.value.replayed)).toHaveLength(1);
    expect(ports.transport.submissions).toHaveLength(1);
    for (const each of senders) await ports.clock.runUntil(each.close());
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("used again returns the same message in its current state", async () => {
    const first = (await send())._unsafeUnwrap();
    expect(first.replayed).toBe(false);
    const read = withReport(first.message, "read", ports.clock.now());
    (await ports.messages.commit({ next: read }))._unsafeUnwrap();
    const again = (await send())._unsafeUnwrap();
    expect(again).toEqual({ message: read, replayed: true });
    expect(statusOf(again.message)).toBe("read");
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("used again returns the answer before the quota or the credentials are asked", async () => {
    ports = createTestPorts({ quota: 1 });
    sender = createMessageSender(ports, { retry: { jitter: 0 } });
    expect((await send()).isOk()).toBe(true);
    ports.credentials.remove(exampleCommand);
    expect((await send())._unsafeUnwrap().replayed).toBe(true);
    expect((await send(exampleCommand))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
  });

  it.each([
    ["Rejected", [final]],
    ["DeliveryFailed", [Refused, Refused, Refused, Refused]],
    ["OutcomeUnknown", [{ ...Ambiguous, sawSuccess: true }]],
  ] as const)("used again gives the same failure: %s", async (kind, outcomes) => {
    ports.transport.answerWith(...outcomes);
    expect((await send())._unsafeUnwrapErr()).toMatchObject({ kind, replayed: false });
    expect((await send())._unsafeUnwrapErr()).toMatchObject({ kind, replayed: true });
    expect(ports.transport.submissions).toHaveLength(outcomes.length);
  });

  it("is released after a rate limit that clears only after the deadline", async () => {
    ports.transport.answerWith({ ...Throttled, retryAfterMs: 90_000 });
    expect((await send())._unsafeUnwrapErr()).toMatchObject({ kind: "RateLimited", replayed: false });
    expect((await send())._unsafeUnwrap().replayed).toBe(false);
    expect(ports.transport.submissions).toHaveLength(2);
  });

  it("is not released after a rate limit with an unknown outcome", async () => {
    ports.transport.answerWith(Ambiguous, { ...Throttled, retryAfterMs: 90_000 });
    expect((await send())._unsafeUnwrapErr()).toMatchObject({ kind: "OutcomeUnknown" });
    expect((await send())._unsafeUnwrapErr()).toMatchObject({ kind: "OutcomeUnknown", replayed: true });
  });

  it("leaves nothing behind if the message was not accepted", async () => {
    ports.credentials.remove(exampleCommand);
    expect((await send())._unsafeUnwrapErr().kind).toBe("OutletUnknown");
    ports.credentials.set(exampleCommand, {
      ...ports.transport.submissions[0]?.credential,
      ...(await anyCredential()),
    });
    await ports.clock.advance(30_000);
    expect((await send())._unsafeUnwrap().replayed).toBe(false);
  });
});

describe("another body", () => {
  it.each([
    ["later", async () => void (await send())],
    ["at the same time", () => void sender.send(keyed)],
  ])("under the key is a mistake, %s", async (_, before) => {
    await before();
    const other = { ...keyed, to: "+628123456780" };
    expect((await send(other))._unsafeUnwrapErr().kind).toBe("KeyReused");
    expect(ports.transport.submissions.filter(({ to }) => to === other.to)).toEqual([]);
  });

  it("is what the caller defines as the body", async () => {
    const withBody = (body: unknown, to = keyed.to) => send({ ...keyed, to, idempotency: { key: "order-42", body } });
    (await withBody({ b: 1, a: [1, 2] }))._unsafeUnwrap();
    expect((await withBody({ a: [1, 2], b: 1 }, "+628123456780"))._unsafeUnwrap().replayed).toBe(true);
    expect((await withBody({ a: [2, 1], b: 1 }))._unsafeUnwrapErr().kind).toBe("KeyReused");
  });

  it("gets the id of the message that has the key, even if another process has just stored it", async () => {
    const { message } = (await send())._unsafeUnwrap();
    const other = { ...keyed, to: "+628123456780" };
    expect((await send(other))._unsafeUnwrapErr()).toEqual({ kind: "KeyReused", messageId: message.id });
    const { find } = ports.messages;
    let looks = 0;
    const late = { ...ports.messages, find: (by: MessageLookup) => (looks++ === 0 ? okAsync(undefined) : find(by)) };
    const elsewhere = createMessageSender({ ...ports, messages: late }, { retry: { jitter: 0 } });
    expect((await ports.clock.runUntil(elsewhere.send(other)))._unsafeUnwrapErr()).toEqual({
      kind: "KeyReused",
      messageId: message.id,
    });
  });

  it("is not a body with an additional null field, at any depth", async () => {
    (await send())._unsafeUnwrap();
    const text = { body: "Hello", preview_url: null };
    const content = { ...keyed.content, text, extra: null };
    const same = { ...keyed, content, reference: null } as unknown as SendMessageCommand;
    expect((await send(same))._unsafeUnwrap().replayed).toBe(true);
  });

  it("is not a body with another trace", async () => {
    (await send())._unsafeUnwrap();
    expect((await send({ ...keyed, traceparent: "00-1-2-01" }))._unsafeUnwrap().replayed).toBe(true);
  });
});

describe("another tenant's key", () => {
  it("is another key", async () => {
    const results = [await send(), await send({ ...keyed, tenantId: "tenant-2" })];
    expect(results.map((result) => result._unsafeUnwrap().replayed)).toEqual([false, false]);
    expect(ports.transport.submissions).toHaveLength(2);
  });
});

describe("no key", () => {
  it("sends again", async () => {
    ports.transport.answerWith(Accepted, { ...Accepted, wamid: "wamid.2" });
    for (const _ of [1, 2]) expect((await send(exampleCommand))._unsafeUnwrap().replayed).toBe(false);
    expect(ports.transport.submissions).toHaveLength(2);
  });
});

async function anyCredential() {
  const other = { tenantId: "tenant-1", outletId: "outlet-2" };
  return (await ports.credentials.lookup(other))._unsafeUnwrap();
}
