import { errAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import {
  exampleCommand,
  exampleCredential,
  exampleOutcomes,
  exampleOutlet,
  exampleUnavailable,
} from "../../contracts/fixtures.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { holdsQuotaUnit, statusOf } from "../../domain/status.ts";
import { createTestPorts, createRecordingTransport, type TestPorts } from "../../in-memory/index.ts";
import { createPacer } from "../../pacing/pacer.ts";
import type { MessageStore } from "../../ports/store/message-store.ts";
import type { Credentials } from "../../ports/credentials.ts";
import { createMessageSender } from "../message-sender.ts";

const { Refused, Throttled, CredentialRefused } = exampleOutcomes;
const final: Outcome = { ...Refused, final: true, maybeProcessed: false };

let ports: TestPorts;
beforeEach(() => {
  ports = createTestPorts();
});

function createSender(using: Partial<TestPorts> = {}) {
  return createMessageSender({ ...ports, ...using }, { retry: { jitter: 0 } });
}

function later<T, E>(ms: number, work: () => ResultAsync<T, E>): ResultAsync<T, E> {
  return new ResultAsync(ports.clock.sleep(ms).then(work));
}

const failing = () => errAsync(exampleUnavailable);

describe("before a message is accepted", () => {
  it("no port is called for an invalid command", async () => {
    const sender = createSender({ quota: { ...ports.quota, reserve: failing } });
    const sent = await sender.send({ ...exampleCommand, to: "08123456789" });
    expect(sent._unsafeUnwrapErr()).toMatchObject({ kind: "InvalidCommand", problems: [{ path: ["to"] }] });
  });

  it("no port is called once the sender is closing", async () => {
    const sender = createSender({ quota: { ...ports.quota, reserve: failing } });
    await ports.clock.runUntil(sender.close());
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr()).toEqual({
      kind: "Unavailable",
      reason: "the sender is closing",
    });
  });

  it("nothing is submitted if the quota is unavailable", async () => {
    const sender = createSender({ quota: { ...ports.quota, reserve: failing } });
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr()).toEqual(exampleUnavailable);
    expect(ports.transport.submissions).toEqual([]);
    expect(await stored()).toBeUndefined();
  });

  it.each([
    ["the outlet is unknown", { kind: "OutletUnknown" }],
    ["its credentials are refused", { kind: "NoOtherCredential" }],
    ["nobody can say", exampleUnavailable],
  ] as const)("no unit is lost when %s", async (_, error) => {
    const sender = createSender({ credentials: { ...ports.credentials, lookup: () => errAsync(error) } });
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr().kind).toBe(error.kind);
    await ports.clock.runUntil(sender.close());
    expect(ports.quota.used("tenant-1")).toBe(0);
    expect(await stored()).toBeUndefined();
  });

  it("nothing is stored if there is no permit by the deadline", async () => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const transport = createRecordingTransport(() => promise);
    const sender = createSender({ transport, pacer: createPacer({ clock: ports.clock, permits: 1, rates: false }) });
    const holding = sender.send(exampleCommand);
    await ports.clock.advance(0);
    const held = await ports.clock.runUntil(sender.send({ ...exampleCommand, waitMs: 3000 }));
    expect(held._unsafeUnwrapErr()).toMatchObject({ kind: "RateLimited", retryAt: new Date("2025-11-21T10:00:04Z") });
    expect(await stored("message-000002")).toBeUndefined();
    resolve(exampleOutcomes.Accepted);
    expect((await holding).isOk()).toBe(true);
    await ports.clock.runUntil(sender.close());
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("nothing is submitted if the store is unavailable", async () => {
    const sender = createSender({ messages: { ...ports.messages, accept: failing } });
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr()).toEqual(exampleUnavailable);
    await ports.clock.runUntil(sender.close());
    expect(ports.transport.submissions).toEqual([]);
    expect(ports.quota.used("tenant-1")).toBe(0);
  });
});

describe("when the store becomes unavailable after an intent", () => {
  const commitFailingAt = (number: number): MessageStore => {
    let commits = 0;
    return {
      ...ports.messages,
      commit: (change) => ((commits += 1) === number ? failing() : ports.messages.commit(change)),
    };
  };

  it.each([
    ["the outcome of the first attempt", 1, 1, 0],
    ["the intent of the second", 2, 1, 0],
    ["the outcome of the second", 3, 2, 1],
  ])(
    "at %s the outcome is unrecorded, and decides on the unit once it is stored",
    async (_, commit, submissions, used) => {
      ports.transport.answerWith(Throttled);
      const sender = createSender({ messages: commitFailingAt(commit) });
      const sent = await ports.clock.runUntil(sender.send(exampleCommand));
      expect(sent._unsafeUnwrapErr()).toMatchObject({
        kind: "OutcomeUnrecorded",
        message: { id: "message-000001" },
        reason: exampleUnavailable.reason,
      });
      expect(ports.transport.submissions).toHaveLength(submissions);
      expect(ports.telemetry.events).toContainEqual(expect.objectContaining({ kind: "OutcomeUnrecorded" }));
      await ports.clock.runUntil(sender.close());
      expect(ports.quota.used("tenant-1")).toBe(used);
    },
  );
});

describe("an outlet whose credentials were rejected", () => {
  it("is refused for 30 s without a lookup and without a stored message, then looked up again", async () => {
    let lookups = 0;
    const lookup: Credentials["lookup"] = (...args) => {
      lookups += 1;
      return ports.credentials.lookup(...args);
    };
    const sender = createSender({ credentials: { ...ports.credentials, lookup } });
    ports.transport.answerWith(CredentialRefused);
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr().kind).toBe("CredentialsRejected");
    expect(lookups).toBe(2);
    await ports.clock.advance(29_999);
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
    expect(lookups).toBe(2);
    expect(await stored("message-000002")).toBeUndefined();
    await ports.clock.advance(1);
    expect((await sender.send(exampleCommand)).isOk()).toBe(true);
    expect(ports.transport.submissions).toHaveLength(2);
    await ports.clock.runUntil(sender.close());
    expect(ports.quota.used("tenant-1")).toBe(1);
  });
});

it("an outlet whose other credentials were rejected too is refused for 30 s without an attempt", async () => {
  const [first, second] = [exampleCredential("1"), exampleCredential("2")];
  ports.credentials.set(exampleOutlet, first);
  const lookup: Credentials["lookup"] = (outlet, refused) => {
    if (refused) ports.credentials.set(outlet, second);
    return ports.credentials.lookup(outlet, refused);
  };
  const sender = createSender({ credentials: { ...ports.credentials, lookup } });
  ports.transport.answerWith(CredentialRefused, CredentialRefused);
  expect((await sender.send(exampleCommand))._unsafeUnwrapErr().kind).toBe("CredentialsRejected");
  expect(ports.transport.submissions.map(({ credential }) => credential)).toEqual([first, second]);
  await ports.clock.advance(29_999);
  expect((await sender.send(exampleCommand))._unsafeUnwrapErr()).toMatchObject({
    kind: "NoOtherCredential",
    rememberedUntil: expect.any(Date),
  });
  expect(ports.transport.submissions).toHaveLength(2);
  expect(await stored("message-000002")).toBeUndefined();
});

describe("a quota", () => {
  it("of 5 lets 5 of 50 concurrent sends through, whoever else sends", async () => {
    ports = createTestPorts({ quota: 5 });
    const sender = createSender();
    const tenants = Array.from({ length: 100 }, (_, index) => `tenant-${index % 2}`);
    const all = Promise.all(tenants.map((tenantId) => sender.send({ ...exampleCommand, tenantId })));
    const results = await ports.clock.runUntil(all);
    for (const tenant of ["tenant-0", "tenant-1"]) {
      const own = results.filter((_, index) => tenants[index] === tenant);
      expect(own.filter((result) => result.isOk())).toHaveLength(5);
      expect(own.flatMap((result) => (result.isErr() ? result.error.kind : []))).toEqual(
        Array.from({ length: 45 }, () => "QuotaExceeded"),
      );
    }
    expect(ports.transport.submissions).toHaveLength(10);
  });

  it("has room again after a rejection", async () => {
    ports = createTestPorts({ quota: 1 });
    const sender = createSender();
    ports.transport.answerWith(final);
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr().kind).toBe("Rejected");
    expect((await sender.send(exampleCommand)).isOk()).toBe(true);
    expect((await sender.send(exampleCommand))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
  });
});

describe("the deadline", () => {
  it("is shortened by the call, and the first attempt is always made", async () => {
    const sender = createSender();
    ports.transport.answerWith({ ...Refused, maybeProcessed: false });
    const sent = await sender.send({ ...exampleCommand, waitMs: 0 });
    expect(sent._unsafeUnwrapErr().kind).toBe("DeliveryFailed");
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it.each<[string, (lateMs: number) => Partial<TestPorts>]>([
    [
      "credentials",
      (lateMs) => ({
        credentials: {
          ...ports.credentials,
          lookup: (...given) => later(lateMs, () => ports.credentials.lookup(...given)),
        },
      }),
    ],
    [
      "a unit of quota",
      (lateMs) => ({
        quota: { ...ports.quota, reserve: (request) => later(lateMs, () => ports.quota.reserve(request)) },
      }),
    ],
  ])("counts from the call, also while it waits for %s", async (_, slow) => {
    const sender = createSender(slow(3000));
    for (let attempt = 0; attempt < 4; attempt += 1) {
      ports.transport.answerWith({ ...Refused, maybeProcessed: false });
    }
    // The second attempt would begin after four seconds.
    const sent = await ports.clock.runUntil(sender.send({ ...exampleCommand, waitMs: 3500 }));
    expect(sent._unsafeUnwrapErr().kind).toBe("DeliveryFailed");
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("cannot be lengthened by the call", async () => {
    const sender = createSender();
    ports.transport.answerWith({ ...Throttled, retryAfterMs: 61_000 });
    const sent = await sender.send({ ...exampleCommand, waitMs: 3_600_000 });
    expect(sent._unsafeUnwrapErr()).toMatchObject({ kind: "RateLimited", retryAt: new Date("2025-11-21T10:01:01Z") });
  });
});

describe("a command", () => {
  it("decides about ambiguity for its own message", async () => {
    const sender = createSender();
    ports.transport.answerWith(exampleOutcomes.Ambiguous);
    const sent = await sender.send({ ...exampleCommand, onAmbiguous: "hold" });
    const error = sent._unsafeUnwrapErr();
    expect(error.kind).toBe("OutcomeUnknown");
    const message = (await sender.find("message-000001"))._unsafeUnwrap();
    expect([statusOf(message), holdsQuotaUnit(message)]).toEqual(["unknown", true]);
  });
});

async function stored(id = "message-000001") {
  return (await ports.messages.find({ id }))._unsafeUnwrap();
}

describe("an attempt that waited for its permit", () => {
  it("records how long, and reports it with its outcome; a short wait is not recorded", async () => {
    const first = Promise.withResolvers<Outcome>();
    let calls = 0;
    const transport = createRecordingTransport(() => (calls++ === 0 ? first.promise : Promise.resolve(final)));
    const sender = createSender({ transport, pacer: createPacer({ clock: ports.clock, permits: 1, rates: false }) });
    const holding = sender.send(exampleCommand);
    await ports.clock.advance(0);
    const waiting = sender.send(exampleCommand);
    await ports.clock.advance(5000);
    first.resolve(final);
    for (const sending of [holding, waiting]) (await ports.clock.runUntil(sending))._unsafeUnwrapErr();
    expect((await stored("message-000001"))?.attempts[0]).not.toHaveProperty("waitedMs");
    expect(await stored("message-000002")).toMatchObject({ attempts: [{ waitedMs: 5000 }] });
    const told = ports.telemetry.events.filter(({ kind }) => kind === "MessageConcluded");
    expect(told).toMatchObject([{ attempts: [{ number: 1 }] }, { attempts: [{ waitedMs: 5000 }] }]);
  });
});
