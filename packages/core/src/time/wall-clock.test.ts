import { errAsync, ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes, exampleUnavailable } from "../contracts/fixtures.ts";
import type { Outcome } from "../domain/outcome.ts";
import { createTestPorts, type TestPorts } from "../in-memory/index.ts";
import type { HistoryResult } from "../ports/history.ts";
import { createMessageSender } from "../use-cases/message-sender.ts";

const hourMs = 3_600_000;
const steps = [hourMs, -hourMs, 2 * hourMs, -2 * hourMs, 30_000, -30_000, 400, -400];
const { conversationId, tenantId } = exampleCommand;
const refused: Outcome = { ...exampleOutcomes.Refused, retryAfterMs: 0 };

let ports: TestPorts;
let events: [what: string, atMs: number][];
/** Is told of each event, as it happens. */
let onEvent: (what: string) => void;
beforeEach(() => {
  ports = createTestPorts();
  events = [];
  onEvent = () => {};
});

function note(what: string): void {
  events.push([what, ports.clock.monotonicMs()]);
  onEvent(what);
}

const timesOf = (what: string): number[] => events.flatMap(([other, at]) => (other === what ? [at] : []));

/** The clock is set when that has happened for the nth time, so long after it. */
type Place = readonly [at: string, nth: number, afterMs: number];

function stepAt(stepMs: number, [at, nth, afterMs]: Place): void {
  onEvent = (what) => {
    if (what !== at || timesOf(at).length !== nth) return;
    if (afterMs === 0) ports.clock.stepWall(stepMs);
    else void ports.clock.sleep(afterMs).then(() => ports.clock.stepWall(stepMs), note);
  };
}

/** A sender whose ports are watched. Each attempt takes 100 ms, and ends as `outcomes` say; then all is accepted. */
function watched(outcomes: readonly Outcome[] = [], { historyFails = 0 } = {}, scheduleMs?: readonly number[]) {
  const { clock, credentials, quota, transport, history, messages } = ports;
  transport.answerWith(...outcomes);
  let failures = historyFails;
  const sender = createMessageSender(
    {
      ...ports,
      messages: {
        ...messages,
        accept: (message) => {
          note("accept");
          return messages.accept(message);
        },
      },
      credentials: {
        lookup(outlet, bad) {
          note("lookup");
          return credentials.lookup(outlet, bad);
        },
      },
      quota: {
        ...quota,
        reserve(request) {
          note("reserve");
          return quota.reserve(request);
        },
      },
      transport: {
        submit(submission, timeoutMs) {
          note("attempt");
          return ResultAsync.fromSafePromise(clock.sleep(100))
            .andThen(() => transport.submit(submission, timeoutMs))
            .andTee(() => note("answer"));
        },
      },
      history: {
        store(entries) {
          note("history");
          if (failures-- > 0) return errAsync(exampleUnavailable);
          note("told");
          return history.store(entries).map((results): readonly HistoryResult[] => results);
        },
      },
    },
    { retry: { jitter: 0, ...(scheduleMs && { scheduleMs }) } },
  );
  sender.start();
  return sender;
}

async function send(sender: ReturnType<typeof watched>) {
  return ports.clock.runUntil(sender.send(exampleCommand));
}

/** When each attempt began, from the first one on. */
function schedule(): number[] {
  const [first = 0, ...others] = timesOf("attempt");
  return [0, ...others.map((at) => at - first)];
}

const usual = [0, 1100, 3200, 7300];
const duringWait = (slot: number): Place => ["answer", slot, 500];
const places: Record<string, Place> = {
  "before the lookup": ["lookup", 1, 0],
  "between lookup and quota": ["reserve", 1, 0],
  "between quota and accept": ["accept", 1, 0],
  "as the first attempt begins": ["attempt", 1, 0],
  "during the first attempt": ["attempt", 1, 50],
  "as the first attempt ends": ["answer", 1, 0],
  "in the first wait": duringWait(1),
  "during the second attempt": ["attempt", 2, 50],
  "in the second wait": duringWait(2),
  "during the third attempt": ["attempt", 3, 50],
  "in the third wait": duringWait(3),
  "during the fourth attempt": ["attempt", 4, 50],
};

describe.each(steps)("a clock that is set by %i ms", (stepMs) => {
  it.each(Object.entries(places))("%s, leaves a send its four attempts at their times", async (_, place) => {
    const sender = watched([refused, refused, refused, refused]);
    stepAt(stepMs, place);
    const error = (await send(sender))._unsafeUnwrapErr();
    expect([error.kind, schedule()]).toEqual(["DeliveryFailed", usual]);
    await ports.clock.advance(60_000);
    expect([timesOf("attempt").length, ports.quota.used(tenantId)]).toEqual([4, 0]);
  });

  it.each(Object.entries(places))("%s, leaves a queued message its four attempts", async (_, place) => {
    const sender = watched([refused, refused, refused, refused]);
    stepAt(stepMs, place);
    const enqueued = await ports.clock.runUntil(sender.enqueue(exampleCommand));
    await ports.clock.advance(20_000);
    const gaps = schedule().map((at, index, all) => at - (all[index - 1] ?? 0));
    expect(gaps).toHaveLength(4);
    // The queue looks once a second.
    for (const [index, slotMs] of [0, 1000, 2000, 4000].entries()) {
      const gapMs = (gaps[index] ?? 0) - (index > 0 ? 100 : 0);
      expect(gapMs).toBeGreaterThanOrEqual(slotMs);
      expect(gapMs).toBeLessThanOrEqual(slotMs + 1100);
    }
    const { id } = enqueued._unsafeUnwrap().message;
    const ended = (await sender.find(id, tenantId))._unsafeUnwrap();
    expect([ended.conclusion?.as, ports.quota.used(tenantId)]).toEqual(["exhausted", 0]);
  });

  it.each<[string, Place]>([
    ["before the accept", ["accept", 1, 0]],
    ["during the attempt", ["attempt", 1, 50]],
    ["before the history is told", ["answer", 1, 0]],
    ["while the history is retried", ["history", 1, 500]],
    ["after two tries", ["history", 2, 500]],
  ])("%s, does not hold up the history", async (_, place) => {
    const sender = watched([], { historyFails: 2 });
    stepAt(stepMs, place);
    (await send(sender))._unsafeUnwrap();
    const sentAt = ports.clock.monotonicMs();
    await ports.clock.advance(10_000);
    expect(ports.history.conversation(conversationId)).toHaveLength(1);
    expect((timesOf("told")[0] ?? Infinity) - sentAt).toBeGreaterThanOrEqual(6000);
    await ports.clock.advance(60_000);
    expect([timesOf("told").length, ports.quota.used(tenantId)]).toEqual([1, 1]);
  });

  it.each([0, 10_000, 24_000])("%i ms later, does not change the 30 seconds of a rejection", async (afterMs) => {
    const sender = watched([exampleOutcomes.CredentialRefused]);
    stepAt(stepMs, ["answer", 1, afterMs]);
    expect((await send(sender))._unsafeUnwrapErr().kind).toBe("CredentialsRejected");
    const asked = timesOf("lookup").length;
    await ports.clock.advance(25_000);
    expect((await send(sender))._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
    expect(timesOf("lookup")).toHaveLength(asked);
    await ports.clock.advance(10_000);
    expect((await send(sender)).isOk()).toBe(true);
  });

  it("does not change the 30 seconds of a quota block, and no unit is lost or gained", async () => {
    const sender = watched();
    (await send(sender))._unsafeUnwrap();
    ports.clock.stepWall(stepMs);
    for (let count = 0; count < 7; count += 1) {
      await ports.clock.advance(4000);
      (await send(sender))._unsafeUnwrap();
    }
    expect(timesOf("reserve")).toHaveLength(1);
    await ports.clock.advance(4000);
    (await send(sender))._unsafeUnwrap();
    expect(timesOf("reserve")).toHaveLength(2);
    await ports.clock.advance(60_000);
    expect(ports.quota.used(tenantId)).toBe(9);
  });

  it("during the reservation, leaves the block valid", async () => {
    const sender = watched();
    stepAt(stepMs, ["reserve", 1, 0]);
    expect((await send(sender)).isOk()).toBe(true);
    expect((await send(sender)).isOk()).toBe(true);
    expect(timesOf("reserve")).toHaveLength(1);
  });

  it.each<[string, Place]>([
    ["before it is held back", ["accept", 1, 0]],
    ["soon after it is held back", ["held", 1, 1]],
    ["while it is held back", ["held", 1, 500]],
  ])("%s, leaves a queued message its turn", async (_, place) => {
    const { pacer, clock } = ports;
    let turns = 0;
    ports = {
      ...ports,
      pacer: {
        ...pacer,
        withPermit(rateKey, deadlineAt, attempt) {
          if ((turns += 1) > 1) return pacer.withPermit(rateKey, deadlineAt, attempt);
          const retryAt = new Date(clock.now().getTime() + 3000);
          note("held");
          return errAsync({ kind: "RateLimited", retryAt, cause: "limit", reason: "a limit" });
        },
      },
    };
    const sender = watched();
    stepAt(stepMs, place);
    (await clock.runUntil(sender.enqueue(exampleCommand)))._unsafeUnwrap();
    await clock.advance(10_000);
    const [heldAt = 0] = timesOf("held");
    const [beganAt = 0] = timesOf("attempt");
    expect([turns, timesOf("attempt").length]).toEqual([2, 1]);
    expect(beganAt - heldAt).toBeGreaterThanOrEqual(3000);
    expect(beganAt - heldAt).toBeLessThanOrEqual(4100);
  });

  it("neither shortens nor lengthens a read receipt's deadline or the background rounds", async () => {
    const sender = watched();
    let over = false;
    ports.readReceipts.answerWith(...Array.from({ length: 3 }, () => refused as never));
    const receipt = sender.markRead({ ...exampleCommand, whatsappMessageId: "wamid.HBgN" }).then(() => (over = true));
    await ports.clock.advance(500);
    ports.clock.stepWall(stepMs);
    await ports.clock.advance(6000);
    expect(over).toBe(false);
    await ports.clock.advance(1000);
    expect(await receipt).toBe(true);
  });
});

it("a clock that is set back a little does not make a queued message wait for another round", async () => {
  const sender = watched([refused], {}, [0, 850]);
  stepAt(-400, ["answer", 1, 100]);
  (await ports.clock.runUntil(sender.enqueue(exampleCommand)))._unsafeUnwrap();
  await ports.clock.advance(1500);
  expect(timesOf("attempt")).toHaveLength(2);
});

it("a time to live ends by the time that passes", async () => {
  for (const stepMs of [2 * hourMs, -2 * hourMs]) {
    const sender = watched([{ ...exampleOutcomes.Throttled, scope: "number", retryAfterMs: 100_000 }]);
    const message = (await ports.clock.runUntil(sender.enqueue({ ...exampleCommand, ttlMs: 60_000 })))._unsafeUnwrap()
      .message;
    await ports.clock.advance(1000);
    ports.clock.stepWall(stepMs);
    await ports.clock.advance(5000);
    expect((await sender.find(message.id))._unsafeUnwrap().conclusion?.as).toBe("expired");
    await ports.clock.runUntil(sender.close());
    ports = createTestPorts();
  }
});
