import { errAsync, ResultAsync } from "neverthrow";
import { beforeEach, expect, it } from "vitest";

import { exampleCredential, exampleOutcomes, exampleOutlet, exampleUnavailable } from "../../contracts/fixtures.ts";
import { createTestPorts, type TestPorts } from "../../in-memory/index.ts";
import type { RateKey } from "../../ports/pacer.ts";
import type { ReadReceiptOutcome } from "../../ports/read-receipts.ts";
import type { MarkReadCommand } from "./mark-read.ts";
import { createMessageSender } from "../message-sender.ts";
import type { MessageSenderPorts } from "../message-sender-ports.ts";

const { Refused, Throttled, CredentialRefused, NotSent, Ambiguous } = exampleOutcomes;
const command: MarkReadCommand = { ...exampleOutlet, whatsappMessageId: "wamid.1" };
const lost: ReadReceiptOutcome = Ambiguous;
const passing: ReadReceiptOutcome = { ...Refused, final: false, retryAfterMs: 0 };

let ports: TestPorts;
beforeEach(() => {
  ports = createTestPorts({ quota: 0 });
});

async function markRead(given: Partial<MarkReadCommand> = {}, using: Partial<MessageSenderPorts> = {}) {
  const sender = createMessageSender({ ...ports, ...using }, { retry: { jitter: 0 } });
  return ports.clock.runUntil(sender.markRead({ ...command, ...given }));
}

it("sends the receipt, and takes no quota", async () => {
  expect((await markRead()).isOk()).toBe(true);
  expect((await markRead({ typing: true })).isOk()).toBe(true);
  expect(ports.readReceipts.receipts).toMatchObject([
    { whatsappMessageId: "wamid.1", typing: false, credential: { phoneNumberId: "number-of-outlet-1" } },
    { whatsappMessageId: "wamid.1", typing: true },
  ]);
});

it("retries temporary failures on the schedule of sends, including an attempt without an answer", async () => {
  ports.readReceipts.answerWith(passing, Ambiguous, NotSent);
  const startedAt = ports.clock.now().getTime();
  expect((await markRead()).isOk()).toBe(true);
  expect(ports.clock.now().getTime() - startedAt).toBe(7000);
  expect(ports.readReceipts.receipts).toHaveLength(4);
});

it("fails when the schedule is used up, with the last failure", async () => {
  ports.readReceipts.answerWith(passing, passing, passing, NotSent);
  expect((await markRead())._unsafeUnwrapErr()).toEqual({ kind: "RequestFailed", reason: NotSent.cause });
  expect(ports.readReceipts.receipts).toHaveLength(4);
});

it("does not retry a final failure", async () => {
  ports.readReceipts.answerWith({ ...Refused, final: true });
  expect((await markRead())._unsafeUnwrapErr()).toEqual({ kind: "RequestRefused", failure: Refused.failure });
  expect(ports.readReceipts.receipts).toHaveLength(1);
});

it("reports missing permissions as it reports rejected credentials", async () => {
  const failure = { class: "permission", code: 10, details: "" } as const;
  ports.readReceipts.answerWith({ kind: "Refused", final: true, maybeProcessed: false, failure });
  expect((await markRead())._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
});

it("waits as long as a rate limit asks, and gives up at once if that is past the deadline", async () => {
  ports.readReceipts.answerWith({ ...Throttled, retryAfterMs: 20_000 }, { ...Throttled, retryAfterMs: 50_000 });
  const startedAt = ports.clock.now().getTime();
  const error = (await markRead())._unsafeUnwrapErr();
  expect(error).toMatchObject({ kind: "RateLimited", cause: "limit", retryAt: new Date(startedAt + 70_000) });
  expect(ports.clock.now().getTime() - startedAt).toBe(20_000);
});

it("makes one more attempt at once if the credentials were rejected and there are others", async () => {
  const [first, second] = [exampleCredential("1"), exampleCredential("2")];
  ports.credentials.set(exampleOutlet, first);
  ports.readReceipts.answerWith(CredentialRefused);
  const startedAt = ports.clock.now().getTime();
  const sender = createMessageSender({
    ...ports,
    readReceipts: {
      mark(receipt, timeoutMs) {
        ports.credentials.set(exampleOutlet, second);
        return ports.readReceipts.mark(receipt, timeoutMs);
      },
    },
  });
  expect((await ports.clock.runUntil(sender.markRead(command))).isOk()).toBe(true);
  expect(ports.readReceipts.receipts.map(({ credential }) => credential)).toEqual([first, second]);
  expect(ports.clock.now().getTime()).toBe(startedAt);
});

it.each([
  ["no others", [CredentialRefused]],
  ["others that are refused too", [CredentialRefused, CredentialRefused]],
] as const)("ends where the credentials were refused and there are %s", async (_, answers) => {
  let name = 0;
  ports.readReceipts.answerWith(...answers);
  const lookup: TestPorts["credentials"]["lookup"] = (outlet, refused) => {
    if (!refused || answers.length > 1) ports.credentials.set(outlet, exampleCredential(String((name += 1))));
    return ports.credentials.lookup(outlet, refused);
  };
  const answer = await markRead({}, { credentials: { lookup } });
  expect(answer._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
  expect(ports.readReceipts.receipts).toHaveLength(answers.length);
});

it("asks no more for 30 s where the outlet's other credentials were refused too", async () => {
  ports.credentials.set(exampleOutlet, exampleCredential("1"));
  ports.readReceipts.answerWith(CredentialRefused, CredentialRefused);
  const lookup: TestPorts["credentials"]["lookup"] = (outlet, refused) => {
    if (refused) ports.credentials.set(outlet, exampleCredential("2"));
    return ports.credentials.lookup(outlet, refused);
  };
  const sender = createMessageSender({ ...ports, credentials: { lookup } });
  for (const _ of ["refused", "remembered"])
    expect((await sender.markRead(command))._unsafeUnwrapErr().kind).toBe("NoOtherCredential");
  expect(ports.readReceipts.receipts).toHaveLength(2);
});

it.each([
  ["tenantId", "a b"],
  ["outletId", ".."],
  ["whatsappMessageId", "two words"],
  ["typing", "yes"],
])("asks nothing where %s is wrong", async (field, value) => {
  const answer = await markRead({ [field]: value });
  expect(answer._unsafeUnwrapErr()).toMatchObject({ kind: "InvalidCommand", problems: [{ path: [field] }] });
  expect(ports.readReceipts.receipts).toEqual([]);
});

it("fails for an unknown outlet, unavailable credentials, and while closing", async () => {
  ports.credentials.remove(exampleOutlet);
  expect((await markRead())._unsafeUnwrapErr()).toEqual({ kind: "OutletUnknown" });
  const away = await markRead({}, { credentials: { lookup: () => errAsync(exampleUnavailable) } });
  expect(away._unsafeUnwrapErr()).toEqual(exampleUnavailable);
  const { readReceipts: _, ...without } = ports;
  expect((await createMessageSender(without).markRead(command))._unsafeUnwrapErr()).toMatchObject({
    kind: "Unavailable",
  });
  const closing = createMessageSender(ports);
  await ports.clock.runUntil(closing.close());
  expect((await closing.markRead(command))._unsafeUnwrapErr()).toMatchObject({ kind: "Unavailable" });
});

it("ends its wait when the sender is closed", async () => {
  ports.readReceipts.answerWith(passing);
  const sender = createMessageSender(ports, { retry: { jitter: 0 } });
  const marking = sender.markRead(command);
  await ports.clock.advance(500);
  await ports.clock.runUntil(sender.close());
  expect((await marking)._unsafeUnwrapErr()).toEqual({ kind: "Unavailable", reason: "the sender is closing" });
  expect(ports.readReceipts.receipts).toHaveLength(1);
});

it("says that the outcome is unknown if WhatsApp had not answered when the sender was closed", async () => {
  const sender = createMessageSender({
    ...ports,
    readReceipts: { mark: () => ResultAsync.fromSafePromise(new Promise<never>(() => {})) },
  });
  const marking = sender.markRead(command);
  await ports.clock.advance(0);
  await ports.clock.runUntil(sender.close());
  expect((await marking)._unsafeUnwrapErr()).toMatchObject({ kind: "RequestUnknown" });
});

it.each([
  ["by lost answers alone", [lost, lost, lost, lost]],
  ["by other failures after one", [lost, passing, NotSent, passing]],
  ["by a limit after one", [lost, { ...Throttled, retryAfterMs: 90_000 }]],
  ["by refused credentials after one", [lost, CredentialRefused, CredentialRefused]],
] as const)("says that the outcome is unknown where it ended %s", async (_, outcomes) => {
  ports.readReceipts.answerWith(...outcomes);
  expect((await markRead())._unsafeUnwrapErr()).toEqual({ kind: "RequestUnknown", reason: Ambiguous.cause });
});

it("says that the outcome is unknown if the sender is closed between a lost answer and its repeat", async () => {
  ports.readReceipts.answerWith(lost);
  const sender = createMessageSender(ports, { retry: { jitter: 0 } });
  const marking = sender.markRead(command);
  await ports.clock.advance(500);
  await ports.clock.runUntil(sender.close());
  expect((await marking)._unsafeUnwrapErr()).toEqual({ kind: "RequestUnknown", reason: Ambiguous.cause });
});

it("knows the outcome if a repeat is answered, with a success or a rejection", async () => {
  ports.readReceipts.answerWith(lost, passing);
  expect((await markRead()).isOk()).toBe(true);
  ports.readReceipts.answerWith(lost, { ...Refused, final: true });
  expect((await markRead())._unsafeUnwrapErr().kind).toBe("RequestRefused");
});

it("waits for the number, not for the recipient, and reports its outcome to the pacer", async () => {
  const rateKeys: RateKey[] = [];
  const learned: string[] = [];
  ports.readReceipts.answerWith(Throttled);
  const marked = await markRead(
    {},
    {
      pacer: {
        ...ports.pacer,
        withPermit: (rateKey, _, attempt) => {
          rateKeys.push(rateKey);
          return attempt({ reportOutcome: ({ kind }) => void learned.push(kind), awaitSlot: () => undefined });
        },
      },
    },
  );
  marked._unsafeUnwrap();
  const rateKey = { tenantId: "tenant-1", outletId: "outlet-1", phoneNumberId: "number-of-outlet-1", to: "wamid.1" };
  expect(rateKeys).toEqual([
    { ...rateKey, isRetry: false },
    { ...rateKey, isRetry: true },
  ]);
  expect(learned).toEqual(["Throttled", "Accepted"]);
});

it("returns the pacer's error if there is no permit", async () => {
  const rateLimited = { kind: "RateLimited", retryAt: new Date(), cause: "outage", reason: "closed" } as const;
  const answer = await markRead({}, { pacer: { ...ports.pacer, withPermit: () => errAsync(rateLimited) } });
  expect(answer._unsafeUnwrapErr()).toEqual(rateLimited);
});

it("asks for its slot once more right before its first byte, and waits for the next one if it is too late", async () => {
  const slots = [undefined, Promise.resolve(undefined), undefined];
  const left: number[] = [];
  let asked = 0;
  const awaitSlot = () => {
    asked += 1;
    return slots.shift();
  };
  const pacer: MessageSenderPorts["pacer"] = {
    ...ports.pacer,
    withPermit: (_, __, attempt) => attempt({ reportOutcome: () => {}, awaitSlot }),
  };
  const readReceipts: MessageSenderPorts["readReceipts"] = {
    mark(receipt, timeoutMs, mayBegin) {
      // The process is suspended between the connection and the first byte, or waits for the connection.
      const isSent = mayBegin?.() ?? true;
      if (isSent) left.push(asked);
      return ports.readReceipts.mark(receipt, timeoutMs, () => isSent);
    },
  };
  expect((await markRead({}, { pacer, readReceipts })).isOk()).toBe(true);
  expect([left, ports.readReceipts.receipts.length]).toEqual([[3], 1]);
});
