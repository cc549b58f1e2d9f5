import { errAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import {
  exampleCommand,
  exampleMessage,
  exampleOutcomes,
  exampleTime,
  exampleUnavailable,
  withIntent,
} from "../../contracts/fixtures.ts";
import { recoverOrphan } from "../../domain/message-changes.ts";
import type { IdempotencyKey, Message } from "../../domain/message.ts";
import { statusOf } from "../../domain/status.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { type Key, keyOf } from "../accept/idempotency.ts";
import { createMessageSender } from "../message-sender.ts";

const { Accepted, Ambiguous } = exampleOutcomes;
const transient = { ...exampleOutcomes.Refused, maybeProcessed: false, retryAfterMs: 0 };
const command = { ...exampleCommand, idempotency: { key: "order-42" } };

let ports: TestPorts;
/** Numbers of the writes, accepts included, whose answers are lost; before they are applied, or after. */
let lost: Map<number, "before" | "after">;

beforeEach(() => {
  ports = createTestPorts();
  lost = new Map();
});

/** A sender whose store is away at some writes. */
function create() {
  let writes = 0;
  const { accept, commit, ...others } = ports.messages;
  const writing = <T extends unknown[], R>(write: (...args: T) => R) =>
    ((...args: T) => {
      const fault = lost.get((writes += 1));
      if (fault === "after") write(...args);
      return fault ? errAsync(exampleUnavailable) : write(...args);
    }) as unknown as (...args: T) => R;
  const messages = { ...others, accept: writing(accept), commit: writing(commit) };
  return createMessageSender({ ...ports, messages }, { retry: { jitter: 0 } });
}

/** The key as the sender would have written it down. */
function sameKey(): IdempotencyKey {
  const { key, fingerprint } = keyOf(command, ports.ids) as Key;
  return { key, fingerprint };
}

const stored = async () => (await ports.messages.find({ id: "message-000001" }))._unsafeUnwrap() as Message;

describe("a waiting call whose store became unavailable", () => {
  it.each([
    ["after WhatsApp's acceptance", [Accepted], { status: "sent" }],
    ["after an attempt without an answer", [Ambiguous], { status: "unknown", as: "cut off" }],
    ["after an attempt that was refused", [transient], { status: "failed", as: "interrupted" }],
  ] as const)("%s is settled by what is known once the store is back", async (_, outcomes, expected) => {
    ports.transport.answerWith(...outcomes);
    lost.set(2, "before");
    const sender = create();
    expect((await sender.send(command))._unsafeUnwrapErr().kind).toBe("OutcomeUnrecorded");
    expect(statusOf(await stored())).toBe("sending");
    await sender.tick();
    const after = await stored();
    expect([statusOf(after), after.conclusion?.as]).toEqual([
      expected.status,
      "as" in expected ? expected.as : undefined,
    ]);
    expect(ports.transport.submissions).toHaveLength(1);
    expect(ports.history.conversation("conversation-1")).toHaveLength(expected.status === "sent" ? 1 : 0);
  });

  it("at its accept, which was applied all the same, is answered 503 and interrupted: its key is released", async () => {
    lost.set(1, "after");
    const sender = create();
    expect((await sender.send(command))._unsafeUnwrapErr().kind).toBe("Unavailable");
    expect(statusOf(await stored())).toBe("sending");
    await sender.tick();
    expect(await stored()).toMatchObject({
      conclusion: { as: "interrupted" },
      attempts: [{ ended: { outcome: { kind: "NotSent" } } }],
    });
    expect((await sender.send(command)).isOk()).toBe(true);
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("at its accept, which becomes visible later, is interrupted then: its key is released", async () => {
    const late: (() => unknown)[] = [];
    const { accept } = ports.messages;
    const hangs: typeof accept = (message) => {
      late.push(() => accept(message));
      return errAsync(exampleUnavailable);
    };
    const messages = { ...ports.messages, accept: (message: Message) => (late.length === 0 ? hangs : accept)(message) };
    const sender = createMessageSender({ ...ports, messages }, { retry: { jitter: 0 } });
    expect((await sender.send(command))._unsafeUnwrapErr().kind).toBe("Unavailable");
    const passes = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 10_000) {
        await ports.clock.advance(10_000);
        await sender.tick();
      }
    };
    await passes(7_200_000);
    await late[0]?.();
    expect(statusOf(await stored())).toBe("sending");
    await passes(60_000);
    expect(await stored()).toMatchObject({ conclusion: { as: "interrupted" } });
    expect((await sender.send(command)).isOk()).toBe(true);
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it.each([
    ["applied, is cut off again", "after", 2],
    ["not applied, is as it was", "before", 1],
  ] as const)("at a resumption that was %s, and can be resumed", async (_, when, liftings) => {
    const before = recoverOrphan(withIntent(exampleMessage({ id: "message-000001", key: sameKey() })), exampleTime);
    (await ports.messages.accept(before))._unsafeUnwrap();
    lost.set(1, when);
    const sender = create();
    expect((await sender.send(command))._unsafeUnwrapErr().kind).toBe("OutcomeUnrecorded");
    await sender.tick();
    expect(await stored()).toMatchObject({ conclusion: { as: "cut off" } });
    expect((await ports.clock.runUntil(sender.send(command))).isOk()).toBe(true);
    expect((await stored()).liftedConclusions).toHaveLength(liftings);
  });

  it.each(["before", "after"] as const)("at the intent of a repeat, %s it was applied, is concluded", async (when) => {
    ports.transport.answerWith(transient);
    lost.set(3, when);
    const sender = create();
    const answer = await ports.clock.runUntil(sender.send(command));
    expect(answer._unsafeUnwrapErr().kind).toBe("OutcomeUnrecorded");
    await sender.tick();
    expect(await stored()).toMatchObject({ conclusion: { as: "interrupted" } });
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("at its conclusion is concluded later, and its unit is returned", async () => {
    ports.transport.answerWith({ ...transient, final: true });
    lost.set(3, "before");
    const sender = create();
    expect((await sender.send(command))._unsafeUnwrapErr().kind).toBe("OutcomeUnrecorded");
    await sender.tick();
    await ports.clock.advance(5000);
    await sender.tick();
    await sender.tick();
    expect([statusOf(await stored()), ports.quota.used("tenant-1")]).toEqual(["failed", 0]);
  });

  it("is settled later if the store is still unavailable", async () => {
    lost.set(2, "before").set(3, "before");
    const sender = create();
    (await sender.send(command))._unsafeUnwrapErr();
    await sender.tick();
    expect(statusOf(await stored())).toBe("sending");
    await sender.tick();
    expect(statusOf(await stored())).toBe("sent");
  });
});

describe("a waiting call whose port fails with a defect", () => {
  it("is answered, and its message is concluded", async () => {
    ports.transport.answerWith(transient);
    let lookups = 0;
    const credentials: typeof ports.credentials = {
      ...ports.credentials,
      lookup: (...asked) => {
        if ((lookups += 1) > 1) throw new TypeError("a defect");
        return ports.credentials.lookup(...asked);
      },
    };
    const sender = createMessageSender({ ...ports, credentials }, { retry: { jitter: 0 }, credentialsTtlMs: 0 });
    expect((await ports.clock.runUntil(sender.send(command)))._unsafeUnwrapErr().kind).toBe("OutcomeUnrecorded");
    await sender.tick();
    expect(await stored()).toMatchObject({ conclusion: { as: "interrupted" } });
  });

  it("is sent even if telemetry throws", async () => {
    const telemetry = {
      record: () => {
        throw new TypeError("a defect");
      },
    };
    expect((await createMessageSender({ ...ports, telemetry }).send(command)).isOk()).toBe(true);
  });
});

describe("a queued message whose store became unavailable", () => {
  it("at its accept, which was applied all the same, keeps the last unit of the quota", async () => {
    ports = createTestPorts({ quota: 1 });
    lost.set(1, "after");
    const sender = create();
    expect((await sender.enqueue(command))._unsafeUnwrapErr().kind).toBe("Unavailable");
    const { idempotency: _, ...other } = command;
    expect((await sender.enqueue(other))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    await sender.tick();
    expect(statusOf(await stored())).toBe("sent");
    await ports.clock.advance(5000);
    await sender.tick();
    await sender.tick();
    expect(ports.quota.used("tenant-1")).toBe(1);
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it.each(["before", "after"] as const)("at an intent, %s it was applied, is sent once", async (when) => {
    const sender = create();
    (await sender.enqueue(command))._unsafeUnwrap();
    lost.set(2, when);
    for (let second = 0; second < 10; second += 1) {
      await sender.tick();
      await ports.clock.advance(1000);
    }
    expect(statusOf(await stored())).toBe("sent");
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("at an intent is left to the other process that has taken it over since", async () => {
    const sender = create();
    (await sender.enqueue(command))._unsafeUnwrap();
    lost.set(2, "before");
    await sender.tick();
    await ports.clock.advance(10);
    const answering = Promise.withResolvers<void>();
    const other = createMessageSender({
      ...ports,
      transport: { submit: () => ResultAsync.fromSafePromise(answering.promise.then(() => Accepted)) },
    });
    const working = other.tick();
    await ports.clock.advance(0);
    expect(statusOf(await stored())).toBe("sending");
    await sender.tick();
    expect(statusOf(await stored())).toBe("sending");
    answering.resolve();
    await working;
    expect(await stored()).toMatchObject({ attempts: [{ ended: { outcome: { kind: "Accepted" } } }] });
  });

  it("after WhatsApp's acceptance is sent, once", async () => {
    const sender = create();
    (await sender.enqueue(command))._unsafeUnwrap();
    lost.set(3, "before");
    for (let second = 0; second < 10; second += 1) {
      await sender.tick();
      await ports.clock.advance(1000);
    }
    expect(statusOf(await stored())).toBe("sent");
    expect(ports.transport.submissions).toHaveLength(1);
  });
});
