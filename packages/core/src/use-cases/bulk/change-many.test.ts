import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleFailure, exampleOutcomes, exampleUnavailable } from "../../contracts/fixtures.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { statusOf } from "../../domain/status.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSender } from "../message-sender-operations.ts";
import type { CancelManyQuery, ManyChanged, ResolveManyQuery } from "./change-many.ts";

const { Ambiguous, Throttled } = exampleOutcomes;
const refused: Outcome = { kind: "Refused", failure: exampleFailure, final: true, maybeProcessed: false };

let ports: TestPorts;
let sender: MessageSender;

beforeEach(() => start());

function start(quota?: number): void {
  ports = createTestPorts(quota === undefined ? {} : { quota });
  sender = createMessageSender(ports, { retry: { jitter: 0 }, ambiguity: { onAmbiguous: "hold" } });
}

async function enqueue(count: number, change: object = {}): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    (await sender.enqueue({ ...exampleCommand, to: `+62812345${10_000 + number}`, ...change }))._unsafeUnwrap();
  }
}

/** Sends waiting messages with these outcomes, each to its own recipient. */
async function sendWith(...outcomes: readonly Outcome[]): Promise<void> {
  ports.transport.answerWith(...outcomes);
  for (const [at] of outcomes.entries()) {
    const sent = await ports.clock.runUntil(sender.send({ ...exampleCommand, to: `+62812345${20_000 + at}` }));
    expect(sent.isOk()).toBe(outcomes[at]?.kind === "Accepted");
  }
}

async function settle(): Promise<void> {
  for (let second = 0; second < 8; second += 1) {
    await ports.clock.advance(1000);
    await sender.tick();
  }
}

/** How many messages have each status. */
async function statuses(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  let cursor: string | undefined;
  do {
    const page = (await sender.list({ limit: 100, ...(cursor !== undefined && { cursor }) }))._unsafeUnwrap();
    for (const message of page.messages) counts[statusOf(message)] = (counts[statusOf(message)] ?? 0) + 1;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return counts;
}

const cancel = async (query: CancelManyQuery) => (await sender.cancelMany(query))._unsafeUnwrap();
const resolve = async (query: ResolveManyQuery) => (await sender.resolveMany(query))._unsafeUnwrap();

/** Calls until nothing is left. */
async function untilDone(call: (cursor: CancelManyQuery) => Promise<ManyChanged>): Promise<readonly ManyChanged[]> {
  const done: ManyChanged[] = [];
  let cursor: string | undefined;
  do {
    const page = await call(cursor === undefined ? {} : { cursor });
    done.push(page);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return done;
}

describe("canceling by filter", () => {
  it("withdraws what is queued, and nothing else that matches", async () => {
    await enqueue(3, { outletId: "outlet-2" });
    await enqueue(2);
    await sendWith(refused, { kind: "Accepted", wamid: "wamid.1" });
    expect(await cancel({ tenantId: "tenant-1", outletId: "outlet-2" })).toEqual({ matched: 3, changed: 3 });
    expect(await statuses()).toEqual({ queued: 2, canceled: 3, failed: 1, sent: 1 });
    await settle();
    expect(await statuses()).toEqual({ canceled: 3, failed: 1, sent: 3 });
  });

  it("stops after about 1,000 messages, and goes on at its cursor until nothing is left", async () => {
    start(10_000);
    await enqueue(2150);
    const done = await untilDone((place) => cancel({ tenantId: "tenant-1", ...place }));
    expect(done.map(({ matched, changed }) => [matched, changed])).toEqual([
      [1000, 1000],
      [1000, 1000],
      [150, 150],
    ]);
    expect(await statuses()).toEqual({ canceled: 2150 });
  });

  it("can be repeated: the second time nothing matches", async () => {
    await enqueue(3);
    await cancel({ tenantId: "tenant-1" });
    expect(await cancel({ tenantId: "tenant-1" })).toEqual({ matched: 0, changed: 0 });
  });

  it("counts what a call waits for, and leaves it alone", async () => {
    ports.transport.answerWith(exampleOutcomes.NotSent);
    const sending = sender.send(exampleCommand);
    await ports.clock.advance(0);
    expect(await cancel({ tenantId: "tenant-1" })).toEqual({ matched: 1, changed: 0 });
    expect((await ports.clock.runUntil(sending)).isOk()).toBe(true);
  });

  it("as a preview counts and changes nothing", async () => {
    await enqueue(3);
    expect(await cancel({ tenantId: "tenant-1", isPreview: true })).toEqual({ matched: 3, changed: 0 });
    expect(await statuses()).toEqual({ queued: 3 });
  });
});

describe("resolving by filter", () => {
  it("resends unknown and failed messages, each once, and takes units only for those that have none", async () => {
    await sendWith(Ambiguous, refused, Ambiguous, refused, { kind: "Accepted", wamid: "wamid.1" });
    await settle();
    expect(await statuses()).toEqual({ unknown: 2, failed: 2, sent: 1 });
    expect(await resolve({ action: "resend", tenantId: "tenant-1" })).toEqual({ matched: 4, changed: 4 });
    expect(await statuses()).toEqual({ queued: 4, sent: 1 });
    await settle();
    expect([await statuses(), ports.transport.submissions.length]).toEqual([{ sent: 5 }, 9]);
  });

  it("resends only those of one status if the query says so", async () => {
    await sendWith(Ambiguous, refused);
    expect(await resolve({ action: "resend", tenantId: "tenant-1", status: "failed" })).toMatchObject({ changed: 1 });
    expect(await statuses()).toEqual({ unknown: 1, queued: 1 });
  });

  it("abandons unknown messages", async () => {
    await sendWith(Ambiguous, refused, Ambiguous);
    expect(await resolve({ action: "abandon", tenantId: "tenant-1" })).toEqual({ matched: 2, changed: 2 });
    expect(await statuses()).toEqual({ failed: 3 });
  });

  it("leaves alone those whose key is free, whose callers were told to repeat", async () => {
    await sendWith({ ...Throttled, retryAfterMs: 90_000 });
    expect(await resolve({ action: "resend", tenantId: "tenant-1" })).toEqual({ matched: 1, changed: 0 });
  });

  it("says that the quota stopped it, with what it did and where to go on", async () => {
    start(3);
    await sendWith(refused, refused, refused, refused);
    await settle();
    const stopped = await resolve({ action: "resend", tenantId: "tenant-1" });
    expect(stopped).toMatchObject({ matched: 4, changed: 3, stoppedBy: { kind: "QuotaExceeded" } });
    expect(stopped.nextCursor).toBeDefined();
    const query = { action: "resend", tenantId: "tenant-1", cursor: stopped.nextCursor ?? "" } as const;
    expect((await sender.resolveMany(query))._unsafeUnwrapErr().kind).toBe("QuotaExceeded");
    expect(await statuses()).toEqual({ failed: 1, queued: 3 });
  });

  it("says that the store stopped it", async () => {
    await enqueue(150);
    const { list } = ports.messages;
    let pages = 0;
    Object.assign(ports.messages, {
      list: (...given: Parameters<typeof list>) => ((pages += 1) > 1 ? errAsync(exampleUnavailable) : list(...given)),
    });
    const stopped = await cancel({ tenantId: "tenant-1" });
    expect(stopped).toMatchObject({ matched: 100, changed: 100, stoppedBy: exampleUnavailable });
    Object.assign(ports.messages, { list });
    expect(await cancel({ tenantId: "tenant-1", cursor: stopped.nextCursor ?? "" })).toEqual({
      matched: 50,
      changed: 50,
    });
  });
});

describe("a filter", () => {
  const problemsOf = async (call: () => ReturnType<MessageSender["cancelMany"]>) => {
    const error = (await call())._unsafeUnwrapErr();
    return "problems" in error ? error.problems.map(({ path, detail }) => `${path.join(".")}: ${detail}`) : error.kind;
  };

  it("is needed: a forgotten one does not mean everything", async () => {
    await enqueue(1);
    expect(await problemsOf(() => sender.cancelMany({}))).toEqual([": must have a filter"]);
    expect(await problemsOf(() => sender.cancelMany({ isPreview: true }))).toEqual([": must have a filter"]);
    expect(await statuses()).toEqual({ queued: 1 });
  });

  it("has a status that the action changes", async () => {
    expect(await problemsOf(() => sender.cancelMany({ status: "sent" }))).toEqual(["status: must be queued"]);
    const resend = (await sender.resolveMany({ action: "resend", status: "queued" }))._unsafeUnwrapErr();
    expect(resend).toMatchObject({ problems: [{ path: ["status"], detail: "must be unknown or failed" }] });
  });

  it("is that of a list", async () => {
    const wrong = { outletId: "a/b", since: new Date(1), until: new Date(0), colour: 1 } as CancelManyQuery;
    expect(await problemsOf(() => sender.cancelMany(wrong))).toEqual([
      expect.stringMatching(/^outletId: /),
      expect.stringMatching(/^until: /),
      "colour: is not known",
    ]);
  });

  it("stays the same from call to call: a cursor of another one is refused", async () => {
    start(10_000);
    await enqueue(1100);
    const { nextCursor = "" } = await cancel({ tenantId: "tenant-1" });
    for (const cursor of [nextCursor, "9.", "x", "", "0.abc"]) {
      expect(await problemsOf(() => sender.cancelMany({ outletId: "outlet-1", cursor }))).toEqual([
        "cursor: must come from the page before, of the same list",
      ]);
    }
  });
});
