import { errAsync } from "neverthrow";
import { beforeEach, describe, expect, it } from "vitest";

import {
  exampleCommand,
  exampleCredential,
  exampleOutcomes,
  exampleOutlet,
  exampleUnavailable,
  withReport,
} from "../../contracts/fixtures.ts";
import type { Message, ProviderStatus } from "../../domain/message.ts";
import type { Outcome } from "../../domain/outcome.ts";
import { isPossibleDuplicate, holdsQuotaUnit, statusOf } from "../../domain/status.ts";
import { createTestPorts, createRecordingTransport, type TestPorts } from "../../in-memory/index.ts";
import type { MessageSenderOptions } from "../message-sender-options.ts";
import { createMessageSender } from "../message-sender.ts";
import type { SendMessageError } from "../send/send-message.ts";

const { Refused, Throttled, NotSent, Ambiguous, CredentialRefused } = exampleOutcomes;
const failure = { class: "transient", httpStatus: 503, details: "Service Unavailable" } as const;
const unavailable: Outcome = { kind: "Refused", final: false, maybeProcessed: false, failure };
const final: Outcome = { ...Refused, final: true, maybeProcessed: false };

let ports: TestPorts;
beforeEach(() => {
  ports = createTestPorts();
});

/** Sends the example and lets the time pass that it takes; the units are settled afterwards. */
async function send(outcomes: readonly Outcome[], options: MessageSenderOptions = {}, using: Partial<TestPorts> = {}) {
  ports.transport.answerWith(...outcomes);
  const sender = createMessageSender({ ...ports, ...using }, { ...options, retry: { jitter: 0, ...options.retry } });
  const startedAt = ports.clock.now().getTime();
  const result = await ports.clock.runUntil(sender.send(exampleCommand));
  const tookMs = ports.clock.now().getTime() - startedAt;
  await ports.clock.runUntil(sender.close());
  const message = result.isOk() ? result.value.message : messageOf(result.error);
  return {
    message,
    kind: result.isOk() ? "Sent" : result.error.kind,
    status: message && statusOf(message),
    attempts: message?.attempts.length,
    seconds: tookMs / 1000,
    unitsUsed: ports.quota.used("tenant-1"),
  };
}

function messageOf(error: SendMessageError): Message | undefined {
  return "message" in error ? error.message : undefined;
}

describe("an attempt that failed", () => {
  const rows: readonly (readonly [string, readonly Outcome[], object])[] = [
    ["not at all", [], { kind: "Sent", status: "sent", attempts: 1, seconds: 0, unitsUsed: 1 }],
    [
      "three times is repeated until it is accepted",
      [unavailable, unavailable, unavailable],
      { kind: "Sent", status: "sent", attempts: 4, seconds: 7, unitsUsed: 1 },
    ],
    [
      "four times has failed",
      [unavailable, NotSent, unavailable, unavailable],
      { kind: "DeliveryFailed", status: "failed", attempts: 4, seconds: 7, unitsUsed: 0 },
    ],
    [
      "for good is not repeated",
      [final],
      { kind: "Rejected", status: "failed", attempts: 1, seconds: 0, unitsUsed: 0 },
    ],
    [
      "for good later is not repeated",
      [unavailable, final],
      { kind: "Rejected", status: "failed", attempts: 2, seconds: 1, unitsUsed: 0 },
    ],
    [
      "for want of a permission is about the credentials",
      [{ ...final, failure: { class: "permission", details: "no" } }],
      { kind: "CredentialsRejected", status: "failed", attempts: 1, unitsUsed: 0 },
    ],
    [
      "with an error that may have been processed has failed like any other",
      [Refused, Refused, Refused, Refused],
      { kind: "DeliveryFailed", status: "failed", attempts: 4, unitsUsed: 0 },
    ],
    [
      "on a limit past the deadline is rate limited",
      [{ ...Throttled, retryAfterMs: 90_000 }],
      { kind: "RateLimited", status: "failed", attempts: 1, seconds: 0, unitsUsed: 0 },
    ],
  ];

  it.each(rows)("%s", async (_, outcomes, expected) => {
    expect(await send(outcomes)).toMatchObject(expected);
  });

  it("waits with its jitter, drawn once", async () => {
    const options = { retry: { jitter: 0.2, random: () => 0.5 } };
    expect(await send([unavailable, unavailable], options)).toMatchObject({ kind: "Sent", seconds: 3.3 });
  });
});

describe("an attempt without an answer", () => {
  const rows: readonly (readonly [string, MessageSenderOptions, readonly Outcome[], object])[] = [
    [
      "is repeated under resend, and the message is unknown after the last",
      {},
      [Ambiguous, Ambiguous, Ambiguous, Ambiguous],
      { kind: "DeliveryFailed", status: "unknown", attempts: 4, unitsUsed: 1 },
    ],
    ["is repeated under resend until it is accepted", {}, [Ambiguous], { kind: "Sent", status: "sent", attempts: 2 }],
    [
      "is not repeated under hold",
      { ambiguity: { onAmbiguous: "hold" } },
      [Ambiguous],
      { kind: "OutcomeUnknown", status: "unknown", attempts: 1, seconds: 0, unitsUsed: 1 },
    ],
    [
      "is repeated once under verify, after the time for evidence",
      { ambiguity: { onAmbiguous: "verify", evidenceMs: 5000 } },
      [Ambiguous, unavailable],
      { kind: "OutcomeUnknown", status: "unknown", attempts: 2, seconds: 5, unitsUsed: 1 },
    ],
    [
      "is not repeated under verify where no evidence can come",
      { ambiguity: { onAmbiguous: "verify" } },
      [Ambiguous],
      { kind: "OutcomeUnknown", status: "unknown", attempts: 1, unitsUsed: 1 },
    ],
    [
      "is never repeated when a success was seen",
      { ambiguity: { onAmbiguous: "resend" } },
      [{ ...Ambiguous, sawSuccess: true }],
      { kind: "OutcomeUnknown", status: "unknown", attempts: 1, unitsUsed: 1 },
    ],
    [
      "stays open when a limit stops the repeats",
      {},
      [Ambiguous, { ...Throttled, retryAfterMs: 90_000 }],
      { kind: "OutcomeUnknown", status: "unknown", attempts: 2, unitsUsed: 1 },
    ],
  ];

  it.each(rows)("%s", async (_, options, outcomes, expected) => {
    expect(await send(outcomes, options)).toMatchObject(expected);
  });

  it.each([
    [Ambiguous, true],
    [Refused, true],
    [unavailable, false],
    [NotSent, false],
  ])("marks a success after it as a possible duplicate: $0.kind", async (outcome, marked) => {
    const { message } = await send([outcome]);
    expect(message && isPossibleDuplicate(message)).toBe(marked);
    expect(ports.telemetry.events).toContainEqual(
      expect.objectContaining({ kind: "MessageSent", possibleDuplicate: marked }),
    );
  });
});

describe("credentials that are rejected", () => {
  it("are looked up again, for one extra attempt at once", async () => {
    const transport = createRecordingTransport(({ credential }) => {
      if (credential.accessToken.reveal() === "EAAG-token-2") return unavailable;
      ports.credentials.set(exampleOutlet, exampleCredential("2"));
      return CredentialRefused;
    });
    ports.credentials.set(exampleOutlet, exampleCredential("1"));
    const options = { retry: { scheduleMs: [0] } };
    expect(await send([], options, { transport })).toMatchObject({ kind: "DeliveryFailed", attempts: 2, seconds: 0 });
    expect(transport.submissions.map(({ credential }) => credential.phoneNumberId)).toEqual([
      exampleCredential("1").phoneNumberId,
      exampleCredential("2").phoneNumberId,
    ]);
  });

  it("end the message if there are no others", async () => {
    expect(await send([CredentialRefused])).toMatchObject({
      kind: "CredentialsRejected",
      status: "failed",
      attempts: 1,
      unitsUsed: 0,
    });
  });

  it("are not looked up a third time", async () => {
    let number = 0;
    const transport = createRecordingTransport(() => {
      ports.credentials.set(exampleOutlet, exampleCredential(String((number += 1))));
      return CredentialRefused;
    });
    expect(await send([], {}, { transport })).toMatchObject({ kind: "CredentialsRejected", attempts: 2 });
  });
});

describe("what a repeat depends on", () => {
  it("counts as an attempt that was not sent if the credentials are unavailable", async () => {
    let lookups = 0;
    const credentials = {
      ...ports.credentials,
      lookup: (...args: Parameters<typeof ports.credentials.lookup>) =>
        (lookups += 1) === 2 ? errAsync(exampleUnavailable) : ports.credentials.lookup(...args),
    };
    const sent = await send([unavailable], { credentialsTtlMs: 0 }, { credentials });
    expect(sent).toMatchObject({ kind: "Sent", attempts: 3, seconds: 3 });
    expect(sent.message?.attempts[1]?.ended?.outcome).toEqual({
      kind: "NotSent",
      final: false,
      cause: exampleUnavailable.reason,
    });
    expect(ports.transport.submissions).toHaveLength(2);
  });

  it("ends the message as rate limited if there is no permit by the deadline", async () => {
    let passes = 0;
    const retryAt = new Date(ports.clock.now().getTime() + 60_000);
    const pacer: TestPorts["pacer"] = {
      ...ports.pacer,
      withPermit: (rateKey, deadlineAt, attempt) =>
        (passes += 1) === 1
          ? ports.pacer.withPermit(rateKey, deadlineAt, attempt)
          : errAsync({ kind: "RateLimited", retryAt, cause: "limit", reason: "full" }),
    };
    expect(await send([unavailable], {}, { pacer })).toMatchObject({
      kind: "RateLimited",
      attempts: 1,
      unitsUsed: 0,
      message: { conclusion: { as: "throttled", retryAt } },
    });
  });

  it("ends the message if its outlet no longer exists", async () => {
    const transport = createRecordingTransport(() => {
      ports.credentials.remove(exampleOutlet);
      return unavailable;
    });
    expect(await send([], { credentialsTtlMs: 0 }, { transport })).toMatchObject({
      kind: "CredentialsRejected",
      attempts: 1,
      unitsUsed: 0,
    });
  });
});

describe("a webhook that comes first", () => {
  async function report(status: ProviderStatus): Promise<void> {
    const current = (await ports.messages.find({ id: "message-000001" }))._unsafeUnwrap();
    const next = current && withReport(current, status, ports.clock.now());
    if (next) expect((await ports.messages.commit({ next }))._unsafeUnwrap().applied).toBe(true);
  }

  it("between intent and outcome is merged with it", async () => {
    const transport = createRecordingTransport(async () => {
      await report("delivered");
      return { ...exampleOutcomes.Accepted, wamid: "wamid.1" };
    });
    const { message, ...sent } = await send([], {}, { transport });
    expect(sent).toMatchObject({ kind: "Sent", status: "delivered", attempts: 1, unitsUsed: 1 });
    const stored = (await ports.messages.find({ wamid: "wamid.1" }))._unsafeUnwrap();
    expect(stored).toEqual(message);
  });

  it("before a lost answer settles the message", async () => {
    const transport = createRecordingTransport(async () => {
      await report("sent");
      return Ambiguous;
    });
    expect(await send([], {}, { transport })).toMatchObject({
      kind: "Sent",
      status: "sent",
      attempts: 1,
      unitsUsed: 1,
    });
  });

  it("in the wait before a repeat prevents the repeat", async () => {
    ports.transport.answerWith(Ambiguous);
    const sender = createMessageSender(ports, { retry: { jitter: 0 } });
    const sending = sender.send(exampleCommand);
    await ports.clock.advance(500);
    await report("sent");
    await ports.clock.advance(1000);
    const { message } = (await sending)._unsafeUnwrap();
    expect(statusOf(message)).toBe("sent");
    expect(holdsQuotaUnit(message)).toBe(true);
    expect(ports.transport.submissions).toHaveLength(1);
  });
});
