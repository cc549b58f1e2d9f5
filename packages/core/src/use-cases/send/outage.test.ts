import { ResultAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import { exampleCommand, exampleOutcomes } from "../../contracts/fixtures.ts";
import { recoverOrphan } from "../../domain/message-changes.ts";
import type { Message } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { statusOf } from "../../domain/status.ts";
import { createTestPorts, createRecordingTransport, type TestPorts } from "../../in-memory/index.ts";
import { createPacer } from "../../pacing/pacer.ts";
import type { Quota } from "../../ports/quota.ts";
import type { SendMessageCommand } from "../accept/send-command.ts";
import type { MessageSenderOptions } from "../message-sender-options.ts";
import { createMessageSender } from "../message-sender.ts";

const { Accepted, Ambiguous } = exampleOutcomes;
const unavailable: Outcome = {
  kind: "Refused",
  final: false,
  maybeProcessed: false,
  failure: { class: "transient", httpStatus: 503, details: "Service Unavailable" },
};

let ports: TestPorts;
let answer: Outcome;
let reserved: number;
let accepted: number;
let recipients = 0;

beforeEach(() => {
  ports = createTestPorts();
  answer = unavailable;
  reserved = 0;
  accepted = 0;
});

const someone = (): Partial<SendMessageCommand> => ({ to: `+62812${1_000_000 + (recipients += 1)}` });

function createSender(options: MessageSenderOptions = {}, rates = false) {
  const transport = createRecordingTransport(({ to }) =>
    answer.kind === "Accepted" ? { ...answer, wamid: to } : answer,
  );
  const pacer = createPacer({ clock: ports.clock, permits: 256, rates });
  const quota: Quota = {
    ...ports.quota,
    reserve: (request) => ((reserved += 1), ports.quota.reserve(request)),
  };
  const messages: typeof ports.messages = {
    ...ports.messages,
    accept: (message) => ((accepted += 1), ports.messages.accept(message)),
  };
  const sender = createMessageSender(
    { ...ports, transport, pacer, quota, messages },
    { ...options, retry: { jitter: 0, ...options.retry } },
  );
  const send = (command: Partial<SendMessageCommand> = {}) =>
    sender.send({ ...exampleCommand, ...someone(), ...command });
  return { sender, transport, send };
}

type Sender = ReturnType<typeof createSender>;

/** As many sends at once as open the circuit breaker. */
async function breakDown({ send }: Sender): Promise<void> {
  const sends = Array.from({ length: 20 }, () => send());
  await ports.clock.advance(1000);
  for (const sent of await Promise.all(sends)) sent._unsafeUnwrapErr();
}

const now = (): number => ports.clock.now().getTime();

describe.each([
  ["without rates", false],
  ["with rates", true],
])("while a number's circuit breaker is open, %s", (_, rates) => {
  it("a call that has made no attempt is answered at once, with nothing stored or spent", async () => {
    const using = createSender({}, rates);
    await breakDown(using);
    const [stored, asked, submitted, startedAt] = [accepted, reserved, using.transport.submissions.length, now()];
    for (let call = 0; call < 10; call += 1) {
      const error = (await using.send({ tenantId: "tenant-2", idempotency: { key: "order-42" } }))._unsafeUnwrapErr();
      expect(error).toMatchObject({ kind: "RateLimited", cause: "outage" });
      expect("retryAt" in error && error.retryAt.getTime()).toBeGreaterThan(startedAt);
    }
    expect([accepted, reserved, using.transport.submissions.length]).toEqual([stored, asked, submitted]);
    expect(now()).toBe(startedAt);
    answer = Accepted;
    await ports.clock.advance(5000);
    const sent = await using.send({ tenantId: "tenant-2", idempotency: { key: "order-42" } });
    expect(sent._unsafeUnwrap().replayed).toBe(false);
  });

  it("a call is answered at its next slot: its unit is returned and its key released", async () => {
    const using = createSender({}, rates);
    const key = { idempotency: { key: "order-42" }, to: "+628123456789" };
    const first = using.send(key);
    await breakDown(using);
    const error = (await first)._unsafeUnwrapErr();
    expect(error).toMatchObject({
      kind: "Outage",
      replayed: false,
      message: { attempts: { length: 1 }, conclusion: { as: "throttled", heldBack: { because: "outage" } } },
    });
    expect("message" in error && error.message && statusOf(error.message)).toBe("failed");
    answer = Accepted;
    await ports.clock.advance(10_000);
    expect((await using.send(key))._unsafeUnwrap().replayed).toBe(false);
    await ports.clock.runUntil(using.sender.close());
    expect(ports.quota.used("tenant-1")).toBe(1);
  });

  it("a call with an attempt that may have been sent ends as unknown, and keeps its key", async () => {
    answer = Ambiguous;
    const using = createSender({}, rates);
    const key = { idempotency: { key: "order-42" }, to: "+628123456789" };
    const first = using.send(key);
    await breakDown(using);
    const unknown = { kind: "OutcomeUnknown", message: { conclusion: { as: "throttled" } } };
    expect((await first)._unsafeUnwrapErr()).toMatchObject({ ...unknown, replayed: false });
    expect((await using.send(key))._unsafeUnwrapErr()).toMatchObject({ ...unknown, replayed: true });
  });

  it("queued messages wait, and are sent when WhatsApp works again", async () => {
    const using = createSender({}, rates);
    await breakDown(using);
    using.sender.start();
    const ids: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      const queued = await using.sender.enqueue({ ...exampleCommand, ...someone() });
      ids.push(queued._unsafeUnwrap().message.id);
    }
    await ports.clock.advance(20_000);
    answer = Accepted;
    await ports.clock.advance(20_000);
    const found = await Promise.all(ids.map((id) => ports.messages.find({ id })));
    const messages = found.map((result) => result._unsafeUnwrap() as Message);
    expect(new Set(messages.map(statusOf))).toEqual(new Set(["sent"]));
    await ports.clock.runUntil(using.sender.close());
  });

  it("a repeat of an orphaned call changes nothing, and continues when WhatsApp works again", async () => {
    const silent = { submit: () => ResultAsync.fromSafePromise<Outcome, never>(new Promise(() => {})) };
    const command = { ...exampleCommand, idempotency: { key: "order-42" } };
    const crashed = createMessageSender({ ...ports, transport: silent }, { retry: { jitter: 0 } }).send(command);
    await ports.clock.advance(0);
    const left = (await ports.messages.find({ id: "message-000001" }))._unsafeUnwrap() as Message;
    (await ports.messages.commit({ next: recoverOrphan(left, ports.clock.now()) }))._unsafeUnwrap();
    const using = createSender({}, rates);
    await breakDown(using);
    const startedAt = now();
    expect((await using.sender.send(command))._unsafeUnwrapErr()).toMatchObject({
      kind: "RateLimited",
      cause: "outage",
    });
    expect(now()).toBe(startedAt);
    answer = Accepted;
    await ports.clock.advance(10_000);
    const resumed = await ports.clock.runUntil(using.sender.send(command));
    expect(resumed._unsafeUnwrap().message).toMatchObject({ id: left.id, attempts: { length: 2 } });
    expect(crashed).toBeDefined();
  });

  it("a read receipt is answered at once, or at its next slot", async () => {
    const using = createSender({}, rates);
    ports.readReceipts.answerWith(unavailable);
    const receipt = { tenantId: "tenant-1", outletId: "outlet-1", whatsappMessageId: "wamid.1" };
    const first = using.sender.markRead(receipt);
    await breakDown(using);
    const held = { kind: "RateLimited", cause: "outage" };
    expect((await first)._unsafeUnwrapErr()).toMatchObject(held);
    expect((await using.sender.markRead(receipt))._unsafeUnwrapErr()).toMatchObject(held);
  });

  it("an upload is refused at once, and succeeds when WhatsApp works again", async () => {
    const using = createSender({}, rates);
    await breakDown(using);
    const upload = () =>
      using.sender.uploadMedia({
        tenantId: "tenant-1",
        outletId: "outlet-1",
        mimeType: "image/webp",
        content: (async function* () {
          yield new Uint8Array(5);
        })(),
      });
    expect((await upload())._unsafeUnwrapErr()).toMatchObject({ kind: "RateLimited", cause: "outage" });
    expect(ports.media.files).toEqual([]);
    answer = Accepted;
    await ports.clock.advance(10_000);
    expect((await ports.clock.runUntil(upload())).isOk()).toBe(true);
  });
});

it("if WhatsApp does not answer, no call waits for more than its attempt and a slot", async () => {
  const hangs = async (): Promise<Outcome> => {
    await ports.clock.sleep(10_000);
    return Ambiguous;
  };
  const transport = { submit: () => ResultAsync.fromSafePromise(hangs()) };
  const pacer = createPacer({ clock: ports.clock, permits: 256 });
  const sender = createMessageSender({ ...ports, transport, pacer }, { retry: { jitter: 0 } });
  const took: number[] = [];
  let left = 150;
  async function sendOneAfterAnother(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const startedAt = now();
      (await sender.send({ ...exampleCommand, ...someone() }))._unsafeUnwrapErr();
      took.push(now() - startedAt);
    }
  }
  const all = Promise.all(Array.from({ length: 30 }, sendOneAfterAnother));
  await ports.clock.advance(60_000);
  await all;
  expect(new Set(took)).toEqual(new Set([11_000, 0]));
});

it("a repeat that the retry budget refuses ends its call, even if the circuit breaker is closed", async () => {
  let calls = 0;
  const transport = createRecordingTransport(() => ((calls += 1) % 5 < 2 ? unavailable : Accepted));
  const pacer = createPacer({ clock: ports.clock, permits: 2000, rates: false });
  const sender = createMessageSender({ ...ports, transport, pacer }, { retry: { jitter: 0 } });
  const startedAt = now();
  const ended = Array.from({ length: 500 }, async () => {
    const sent = await sender.send({ ...exampleCommand, ...someone() });
    return { kind: sent.isOk() ? "Sent" : sent.error.kind, afterMs: now() - startedAt };
  });
  await ports.clock.advance(60_000);
  const all = await Promise.all(ended);
  expect(all.filter(({ kind }) => kind === "Outage").length).toBeGreaterThan(10);
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(["Sent", "Outage"]));
  expect(Math.max(...all.map(({ afterMs }) => afterMs))).toBeLessThanOrEqual(7000);
});

it("the extra attempt with changed credentials is not a retry", async () => {
  const rateKeys: boolean[] = [];
  const pacer = createPacer({ clock: ports.clock, permits: 256, rates: false });
  ports.transport.answerWith(exampleOutcomes.CredentialRefused, unavailable);
  const credentials: typeof ports.credentials = {
    ...ports.credentials,
    lookup: (outlet, refused) =>
      ports.credentials.lookup(outlet).map((found) => (refused ? { ...found, phoneNumberId: "another" } : found)),
  };
  const spying: typeof pacer = {
    ...pacer,
    withPermit: (rateKey, ...rest) => {
      rateKeys.push(rateKey.isRetry);
      return pacer.withPermit(rateKey, ...rest);
    },
  };
  const sender = createMessageSender({ ...ports, pacer: spying, credentials }, { retry: { jitter: 0 } });
  const sent = await ports.clock.runUntil(sender.send(exampleCommand));
  expect(sent.isOk()).toBe(true);
  expect(rateKeys).toEqual([false, false, true]);
});

it("a failed send says when to try again: the last Retry-After, but at least five seconds", async () => {
  const scheduleMs = [0];
  for (const [retryAfterMs, waitMs] of [
    [undefined, 5000],
    [2000, 5000],
    [90_000, 90_000],
  ] as const) {
    answer = retryAfterMs === undefined ? unavailable : ({ ...unavailable, retryAfterMs } as Outcome);
    const { send } = createSender({ retry: { scheduleMs } });
    const error = (await send())._unsafeUnwrapErr();
    expect(error).toMatchObject({ kind: "DeliveryFailed", retryAt: new Date(now() + waitMs) });
  }
});
