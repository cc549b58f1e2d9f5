import { errAsync, okAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes, exampleUnavailable } from "../../contracts/fixtures.ts";
import { explain } from "../../domain/explain/explanation.ts";
import type { Message } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isPossibleDuplicate, statusOf, wamidsOf } from "../../domain/status.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createPacer } from "../../pacing/pacer.ts";
import type { Pacer } from "../../ports/pacer.ts";
import type { MessageSenderOptions } from "../message-sender-options.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";

const { Accepted, Ambiguous, CredentialRefused, Throttled } = exampleOutcomes;
const transient = { ...exampleOutcomes.Refused, maybeProcessed: false, retryAfterMs: 0 };
const final = { ...transient, final: true };

let ports: TestPorts;
let startedAt: number;

beforeEach(() => {
  ports = createTestPorts();
  startedAt = ports.clock.now().getTime();
});

function create(changed: Partial<MessageSenderPorts> = {}, options: MessageSenderOptions = {}) {
  return createMessageSender(
    { ...ports, ...changed },
    {
      ...options,
      retry: { jitter: 0, ...options.retry },
      ambiguity: { evidenceMs: 5000, ...options.ambiguity },
    },
  );
}

type Sender = ReturnType<typeof create>;

async function enqueue(sender: Sender, change: object = {}): Promise<Message> {
  return (await sender.enqueue({ ...exampleCommand, ...change }))._unsafeUnwrap().message;
}

/** As the background does it: a round each second. */
async function tickFor(sender: Sender, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await sender.tick();
    await ports.clock.advance(1000);
  }
  await sender.tick();
}

const stored = async (id = "message-000001") => (await ports.messages.find({ id }))._unsafeUnwrap() as Message;
const seconds = (message: Message) => message.attempts.map(({ startedAt: at }) => (at.getTime() - startedAt) / 1000);

describe("a queued message", () => {
  it("is stored with its unit before the call ends, and sent by a round of the background work", async () => {
    const sender = create();
    const message = await enqueue(sender);
    expect([statusOf(message), message.mode, ports.quota.used("tenant-1") > 0]).toEqual(["queued", "queued", true]);
    expect(ports.transport.submissions).toEqual([]);
    await sender.tick();
    expect(statusOf(await stored())).toBe("sent");
    expect(ports.history.conversation("conversation-1")).toMatchObject([{ status: "sent" }]);
    await tickFor(sender, 6);
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("is sent at once while the background work runs", async () => {
    const sender = create();
    sender.start();
    await enqueue(sender);
    await ports.clock.advance(0);
    expect(statusOf(await stored())).toBe("sent");
  });

  it("follows the schedule, from the end of the previous attempt", async () => {
    ports.transport.answerWith(transient, transient, transient);
    const sender = create();
    await enqueue(sender);
    await tickFor(sender, 8);
    expect(seconds(await stored())).toEqual([0, 1, 3, 7]);
    expect(statusOf(await stored())).toBe("sent");
  });

  it("that is rejected returns its unit", async () => {
    ports.transport.answerWith(final);
    const sender = create();
    await enqueue(sender);
    await tickFor(sender, 6);
    expect([statusOf(await stored()), ports.quota.used("tenant-1")]).toEqual(["failed", 0]);
    expect((await ports.quotaLedger.unsettled())._unsafeUnwrap()).toEqual([]);
  });

  it("waits five seconds for evidence before it repeats after an ambiguous attempt, also under resend", async () => {
    ports.transport.answerWith(Ambiguous);
    const sender = create({}, { ambiguity: { onAmbiguous: "resend" } });
    await enqueue(sender);
    await tickFor(sender, 7);
    expect(seconds(await stored())).toEqual([0, 5]);
    expect(isPossibleDuplicate(await stored())).toBe(true);
  });

  it("is not repeated if evidence arrives within the five seconds", async () => {
    ports.transport.answerWith(Ambiguous);
    const sender = create();
    const { id } = await enqueue(sender);
    await tickFor(sender, 3);
    const said = { wamid: "wamid.1", phoneNumberId: "number-of-outlet-1", status: "sent", at: new Date() } as const;
    (await sender.receiveWebhook({ statuses: [{ ...said, callbackData: `ms1:${id}:1` }] }))._unsafeUnwrap();
    await tickFor(sender, 10);
    expect([statusOf(await stored()), ports.transport.submissions.length]).toEqual(["sent", 1]);
  });

  it("is held under hold, and repeated once under verify", async () => {
    ports.transport.answerWith(Ambiguous, Ambiguous, Ambiguous);
    const sender = create();
    await enqueue(sender, { onAmbiguous: "hold" });
    await tickFor(sender, 10);
    expect(await stored()).toMatchObject({ attempts: { length: 1 }, conclusion: { as: "held" } });
    await enqueue(sender, { onAmbiguous: "verify" });
    await tickFor(sender, 20);
    expect(await stored("message-000002")).toMatchObject({ attempts: { length: 2 }, conclusion: { as: "held" } });
  });

  it("that is throttled uses up no slot, pauses between attempts, and ends with its time to live", async () => {
    ports.transport.answerWith(
      ...Array.from({ length: 100 }, () => ({ ...Throttled, scope: "number" as const, retryAfterMs: 0 })),
    );
    const sender = create({}, { retry: { scheduleMs: [0, 1000, 2000] } });
    await enqueue(sender, { ttlMs: 10_000 });
    await tickFor(sender, 15);
    expect(seconds(await stored())).toEqual([0, 1, 3, 7, 9]);
    expect([statusOf(await stored()), (await stored()).conclusion?.as]).toEqual(["expired", "expired"]);
    expect(ports.quota.used("tenant-1")).toBe(0);
  });

  it("expires unsent if its time to live passes while no process runs", async () => {
    await enqueue(create(), { ttlMs: 5000 });
    await ports.clock.advance(5001);
    await create().tick();
    expect([statusOf(await stored()), ports.transport.submissions]).toEqual(["expired", []]);
  });

  it("gets one extra try with changed credentials, in the same round", async () => {
    ports.transport.answerWith(CredentialRefused);
    const lookups: unknown[] = [];
    const credentials: typeof ports.credentials = {
      ...ports.credentials,
      lookup(outlet, refused) {
        lookups.push(refused);
        return ports.credentials
          .lookup(outlet)
          .map((credential) => (refused ? { ...credential, phoneNumberId: "another" } : credential));
      },
    };
    const sender = create({ credentials });
    await enqueue(sender);
    await sender.tick();
    expect(await stored()).toMatchObject({ attempts: [{}, { phoneNumberId: "another" }] });
    expect(lookups.filter((refused) => refused !== undefined)).toHaveLength(1);
  });

  it("whose number is held back costs no commit, is not asked for until then, and expires in time", async () => {
    const retryAt = new Date(startedAt + 99_000);
    const held = { kind: "RateLimited", retryAt, cause: "limit", reason: "full" } as const;
    let asked = 0;
    const pacer: Pacer = {
      ...ports.pacer,
      withPermit: (...asking) => ((asked += 1) > 2 ? ports.pacer.withPermit(...asking) : errAsync(held)),
    };
    const sender = create({ pacer });
    await enqueue(sender);
    await enqueue(sender, { to: "+628111111111", ttlMs: 50_000 });
    await tickFor(sender, 50);
    expect([asked, await stored()]).toMatchObject([2, { revision: 1, attempts: [] }]);
    await tickFor(sender, 1);
    expect([asked, statusOf(await stored("message-000002"))]).toEqual([2, "expired"]);
    await tickFor(sender, 49);
    expect(seconds(await stored())).toEqual([99]);
  });

  it("begins no attempt after its time to live, even if its permit arrives later", async () => {
    const pacer = createPacer({ clock: ports.clock, permits: 8, numberPerSecond: 1 });
    const sender = create({ pacer });
    sender.start();
    await enqueue(sender);
    await ports.clock.advance(100);
    const { id } = await enqueue(sender, { to: "+628111111111", ttlMs: 500 });
    await ports.clock.advance(5000);
    expect([statusOf(await stored(id)), ports.transport.submissions.length]).toEqual(["expired", 1]);
    await ports.clock.runUntil(sender.close());
  });

  it("goes out at once although hundreds wait for one recipient, who gets theirs in order", async () => {
    const pacer = createPacer({ clock: ports.clock, permits: 256 });
    const sender = create({ pacer }, { retry: { ttlMs: 3_600_000 } });
    sender.start();
    for (let index = 0; index < 200; index += 1) await enqueue(sender);
    const { id } = await enqueue(sender, { to: "+628111111111" });
    await ports.clock.advance(500);
    expect(statusOf(await stored(id))).toBe("sent");
    await ports.clock.advance(25 * 60_000);
    const numbers = ports.transport.submissions.map(({ callbackData }) => Number(/-(\d+):/.exec(callbackData)?.[1]));
    const ofRecipient = numbers.filter((number) => number !== 201);
    expect(ofRecipient).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });

  it("goes out at once although hundreds wait for another number", async () => {
    ports = createTestPorts({ quota: 1000 });
    const sender = create({ pacer: createPacer({ clock: ports.clock, permits: 256 }) });
    sender.start();
    for (let index = 0; index < 500; index += 1) {
      if (index === 100) await ports.clock.advance(500);
      await enqueue(sender, { to: `+62812${index + 100_000}` });
    }
    const { id } = await enqueue(sender, { outletId: "outlet-2" });
    await ports.clock.advance(100);
    expect(statusOf(await stored(id))).toBe("sent");
    expect(ports.transport.submissions).toHaveLength(81);
    await ports.clock.advance(9000);
    expect(ports.transport.submissions).toHaveLength(501);
  });

  it("records an attempt that was not sent if its credentials are unavailable", async () => {
    const sender = create();
    await enqueue(sender);
    await create({ credentials: { lookup: () => errAsync(exampleUnavailable) } }).tick();
    expect(await stored()).toMatchObject({ attempts: [{ ended: { outcome: { kind: "NotSent" } } }] });
    await tickFor(sender, 2);
    expect(statusOf(await stored())).toBe("sent");
  });

  it("is submitted by exactly one of two racing processes", async () => {
    const sender = create();
    const ids: string[] = [];
    for (let index = 0; index < 50; index += 1) ids.push((await enqueue(sender)).id);
    await Promise.all([sender.tick(), create().tick(), create().tick()]);
    expect(ports.transport.submissions.map(({ callbackData }) => callbackData).toSorted()).toEqual(
      ids.map((id) => `ms1:${id}:1`).toSorted(),
    );
  });

  it.each([
    ["whose credentials cannot be asked for", errAsync(exampleUnavailable)],
    ["who knows of no other credentials", errAsync({ kind: "NoOtherCredential" } as const)],
  ])("in flight is left alone by a slower process %s", async (_, answer) => {
    const answering = Promise.withResolvers<void>();
    const lookingUp = Promise.withResolvers<void>();
    let submitted = 0;
    const transport = {
      submit: () => {
        submitted += 1;
        return ResultAsync.fromSafePromise(answering.promise.then(() => Accepted));
      },
    };
    const other = ports.openAnotherProcess();
    const slow = create({
      ...other,
      transport,
      credentials: { lookup: () => ResultAsync.fromSafePromise(lookingUp.promise).andThen(() => answer) },
    });
    const fast = create({ transport });
    await enqueue(fast, { onAmbiguous: "hold" });
    const working = [slow.tick()];
    // It is paused for longer than its lease lasts.
    other.pause();
    await ports.clock.advance(4000);
    working.push(fast.tick());
    await ports.clock.advance(0);
    other.wake();
    expect(statusOf(await stored())).toBe("sending");
    lookingUp.resolve();
    await ports.clock.advance(10_000);
    expect(await stored()).toMatchObject({ attempts: { length: 1 } });
    answering.resolve();
    await ports.clock.advance(0);
    await Promise.all(working);
    expect([statusOf(await stored()), submitted, (await stored()).conclusion]).toEqual(["sent", 1, undefined]);
  });

  it("waits for evidence even if no attempt was possible since", async () => {
    ports.transport.answerWith(Ambiguous);
    await enqueue(create());
    await create().tick();
    await ports.clock.advance(1000);
    const away = create({ credentials: { lookup: () => errAsync(exampleUnavailable) } });
    await tickFor(away, 4);
    await tickFor(create(), 3);
    expect(seconds(await stored()).at(-1)).toBeGreaterThanOrEqual(5);
    expect(ports.transport.submissions).toHaveLength(2);
  });

  it("is not delayed by another that hangs", async () => {
    let first = true;
    const transport: typeof ports.transport = {
      ...ports.transport,
      submit(...call) {
        if (!first) return ports.transport.submit(...call);
        first = false;
        return ResultAsync.fromSafePromise(new Promise(() => {}));
      },
    };
    const sender = create({ transport });
    sender.start();
    await enqueue(sender);
    await ports.clock.advance(10);
    await enqueue(sender, { to: "+628111111111" });
    await ports.clock.advance(10);
    expect([statusOf(await stored()), statusOf(await stored("message-000002"))]).toEqual(["sending", "sent"]);
  });

  it("does not wait another round behind many others", async () => {
    const sender = create();
    for (let index = 0; index < 200; index += 1) await enqueue(sender, { to: `+62812${index + 100_000}` });
    sender.start();
    await ports.clock.advance(999);
    expect(ports.transport.submissions).toHaveLength(200);
  });

  it("is not started while the sender closes, and waits for the next process", async () => {
    const sender = create();
    await enqueue(sender);
    const closing = sender.close();
    await sender.tick();
    await ports.clock.runUntil(closing);
    expect(await stored()).toMatchObject({ revision: 1, attempts: [] });
    await create().tick();
    expect(statusOf(await stored())).toBe("sent");
  });

  it("whose store is unavailable is reported, and continued later", async () => {
    const sender = create();
    await enqueue(sender);
    await create({ queue: { ...ports.queue, claim: () => errAsync(exampleUnavailable) } }).tick();
    await create({ messages: { ...ports.messages, commit: () => errAsync(exampleUnavailable) } }).tick();
    expect(ports.telemetry.events).toContainEqual(expect.objectContaining({ kind: "BackgroundFault", where: "queue" }));
    expect(ports.transport.submissions).toEqual([]);
    await sender.tick();
    expect(statusOf(await stored())).toBe("sent");
  });
});

describe("a queued message of a dead process", () => {
  /** The process that comes after one that died in its attempt. */
  function nextProcess(options: MessageSenderOptions = {}) {
    const overdue = async () => {
      const message = await stored();
      return message.attempts.at(-1)?.ended ? [] : [message];
    };
    const messages = { ...ports.messages, overdue: () => ResultAsync.fromSafePromise(overdue()) };
    return create({ messages }, options);
  }

  async function dieInFlight(): Promise<void> {
    const silent = { submit: () => ResultAsync.fromSafePromise<typeof Accepted, never>(new Promise(() => {})) };
    const other = ports.openAnotherProcess();
    const sender = create({ ...other, transport: silent });
    await enqueue(sender);
    sender.start();
    await ports.clock.advance(0);
    expect(statusOf(await stored())).toBe("sending");
    other.pause();
  }

  it("in flight is ambiguous: five seconds for evidence, then repeated by policy", async () => {
    await dieInFlight();
    await tickFor(nextProcess(), 7);
    expect(seconds(await stored())).toEqual([0, 5]);
    expect(statusOf(await stored())).toBe("sent");
  });

  it("in flight, in a process that was only suspended, is explained by what was known when it was repeated", async () => {
    const answer = Promise.withResolvers<Outcome>();
    const other = ports.openAnotherProcess();
    const suspended = create({ ...other, transport: { submit: () => ResultAsync.fromSafePromise(answer.promise) } });
    await enqueue(suspended);
    suspended.start();
    await ports.clock.advance(0);
    other.pause();
    await tickFor(nextProcess(), 7);
    answer.resolve({ ...Accepted, wamid: "wamid.late" });
    await ports.clock.advance(0);
    const message = await stored();
    const [first] = message.attempts;
    // Each attempt and the end are recorded once, by whom they come from.
    const told = ports.telemetry.events.flatMap((event): readonly unknown[] => {
      if (event.kind === "AttemptEnded") return [[event.attempt.number, event.attempt.outcome, event.nextAttemptAt]];
      return event.kind === "MessageSent" || event.kind === "MessageConcluded" ? [event.kind] : [];
    });
    expect(told).toEqual([[2, "Accepted", undefined], "MessageSent", [1, "Accepted", undefined]]);
    expect(wamidsOf(message)).toEqual(["wamid.late", "wamid.1"]);
    expect([isPossibleDuplicate(message), first && explain(message, first).reason]).toEqual([
      true,
      "repeated after 5 s: no readable answer arrived (its process ended, or was silent for too long, before it recorded an answer); the policy is resend: it is repeated, which may send it twice. The outcome was recorded later: WhatsApp accepted it.",
    ]);
  });

  it("in flight and proven by a webhook is not repeated", async () => {
    await dieInFlight();
    const next = nextProcess();
    await next.tick();
    const said = { wamid: "w", phoneNumberId: "number-of-outlet-1", status: "delivered", at: new Date() } as const;
    (await next.receiveWebhook({ statuses: [{ ...said, callbackData: "ms1:message-000001:1" }] }))._unsafeUnwrap();
    await tickFor(next, 10);
    expect([statusOf(await stored()), (await stored()).attempts.length]).toEqual(["delivered", 1]);
  });
});

describe("enqueue", () => {
  it("returns the current message of a used key, and takes no second unit", async () => {
    const sender = create();
    const keyed = { ...exampleCommand, idempotency: { key: "order-42" } };
    const first = (await sender.enqueue(keyed))._unsafeUnwrap();
    await sender.tick();
    const again = (await sender.enqueue(keyed))._unsafeUnwrap();
    expect([first.replayed, again.replayed, again.message.id, statusOf(again.message)]).toEqual([
      false,
      true,
      first.message.id,
      "sent",
    ]);
    await tickFor(sender, 6);
    expect(ports.quota.used("tenant-1")).toBe(1);
    const other = { ...keyed, to: "+628111111111" };
    expect((await sender.enqueue(other))._unsafeUnwrapErr().kind).toBe("KeyReused");
  });

  it("called a hundred times at once under one key stores one message", async () => {
    const sender = create();
    const keyed = { ...exampleCommand, idempotency: { key: "order-42" } };
    const answers = await Promise.all(Array.from({ length: 100 }, () => sender.enqueue(keyed)));
    expect(answers.filter((answer) => answer.isOk() && !answer.value.replayed)).toHaveLength(1);
    await sender.tick();
    expect(ports.transport.submissions).toHaveLength(1);
  });

  it("stores nothing for an outlet that is unknown, without quota, or while closing", async () => {
    ports.credentials.remove({ tenantId: "tenant-1", outletId: "outlet-1" });
    expect((await create().enqueue(exampleCommand))._unsafeUnwrapErr().kind).toBe("OutletUnknown");
    ports = createTestPorts({ quota: 0 });
    expect((await create().enqueue(exampleCommand))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    const sender = create();
    await ports.clock.runUntil(sender.close());
    expect((await sender.enqueue(exampleCommand))._unsafeUnwrapErr().kind).toBe("Unavailable");
    for (const ttlMs of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      expect((await sender.enqueue({ ...exampleCommand, ttlMs }))._unsafeUnwrapErr()).toMatchObject({
        kind: "InvalidCommand",
        problems: [{ path: ["ttlMs"] }],
      });
    }
    expect(await stored()).toBeUndefined();
  });

  it("leaves `send` under its key to the queue", async () => {
    const sender = create();
    const keyed = { ...exampleCommand, idempotency: { key: "order-42" } };
    const { message } = (await sender.enqueue(keyed))._unsafeUnwrap();
    expect((await sender.send(keyed))._unsafeUnwrapErr()).toMatchObject({ kind: "Queued", message, replayed: true });
    await sender.tick();
    expect((await sender.send(keyed))._unsafeUnwrap()).toMatchObject({ replayed: true, message: { id: message.id } });
  });
});

describe("resolve", () => {
  async function unknown(sender: Sender, onAmbiguous: "hold" | "resend" = "hold"): Promise<Message> {
    ports.transport.answerWith(...Array.from({ length: onAmbiguous === "hold" ? 1 : 4 }, () => Ambiguous));
    (await ports.clock.runUntil(sender.send({ ...exampleCommand, onAmbiguous })))._unsafeUnwrapErr();
    const message = await stored();
    expect(statusOf(message)).toBe("unknown");
    return message;
  }

  it("resend puts an unknown message into the queue with a new schedule, and takes no unit", async () => {
    const sender = create();
    const { id, version } = await unknown(sender, "resend");
    const resolved = (await sender.resolve({ messageId: id, action: "resend" }))._unsafeUnwrap();
    expect([statusOf(resolved), resolved.mode, resolved.version]).toEqual(["queued", "queued", version + 1]);
    expect(resolved.liftedConclusions).toMatchObject([{ as: "exhausted", liftedAt: ports.clock.now() }]);
    ports.transport.answerWith(transient, transient, transient, Accepted);
    await tickFor(sender, 10);
    const after = await stored(id);
    expect([statusOf(after), after.attempts.length, isPossibleDuplicate(after)]).toEqual(["sent", 8, true]);
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("resend repeats a held message too, and earlier attempts do not count", async () => {
    const sender = create();
    const { id } = await unknown(sender);
    (await sender.resolve({ messageId: id, action: "resend" }))._unsafeUnwrap();
    ports.transport.answerWith(final);
    await tickFor(sender, 2);
    const after = await stored(id);
    expect([after.attempts.length, after.conclusion?.as, statusOf(after)]).toEqual([2, "refused", "unknown"]);
  });

  it("abandon concludes it as failed and keeps its unit; evidence still settles it", async () => {
    const sender = create();
    const { id } = await unknown(sender);
    const resolved = (await sender.resolve({ messageId: id, action: "abandon" }))._unsafeUnwrap();
    expect([statusOf(resolved), resolved.conclusion?.as]).toEqual(["failed", "abandoned"]);
    await tickFor(sender, 6);
    expect(ports.quota.used("tenant-1")).toBe(1);
    const said = { wamid: "w", phoneNumberId: "number-of-outlet-1", status: "read", at: new Date() } as const;
    (await sender.receiveWebhook({ statuses: [{ ...said, callbackData: `ms1:${id}:1` }] }))._unsafeUnwrap();
    expect(statusOf(await stored(id))).toBe("read");
  });

  it.each(["resend", "abandon"] as const)(
    "%s of any other message is a conflict and changes nothing",
    async (action) => {
      const sender = create();
      (await sender.send(exampleCommand))._unsafeUnwrap();
      const before = await stored();
      expect((await sender.resolve({ messageId: before.id, action }))._unsafeUnwrapErr()).toEqual({
        kind: "Conflict",
        message: before,
        action,
      });
      expect(await stored()).toBe(before);
    },
  );

  it("takes effect once, however many calls decide at once", async () => {
    const sender = create();
    const { id } = await unknown(sender);
    const actions = ["resend", "abandon", "resend", "abandon"] as const;
    const answers = await Promise.all(actions.map((action) => sender.resolve({ messageId: id, action })));
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1);
  });

  it("finds no message of another tenant, and none while the store is unavailable", async () => {
    const sender = create();
    const { id } = await unknown(sender);
    const other = { messageId: id, action: "abandon", tenantId: "tenant-2" } as const;
    expect((await sender.resolve(other))._unsafeUnwrapErr().kind).toBe("MessageNotFound");
    const away = create({ messages: { ...ports.messages, commit: () => errAsync(exampleUnavailable) } });
    expect((await away.resolve({ messageId: id, action: "abandon" }))._unsafeUnwrapErr().kind).toBe("Unavailable");
  });
});

describe("a queued message whose outcome cannot be stored", () => {
  it("is left to recovery, and reported", async () => {
    let commits = 0;
    const messages: typeof ports.messages = {
      ...ports.messages,
      commit: (change) => (++commits === 2 ? errAsync(exampleUnavailable) : ports.messages.commit(change)),
    };
    const sender = create({ messages, transport: { submit: () => okAsync(Accepted) } });
    await enqueue(sender);
    await sender.tick();
    expect(ports.telemetry.events).toContainEqual(expect.objectContaining({ kind: "OutcomeUnrecorded" }));
    expect(statusOf(await stored())).toBe("sending");
  });
});
