import { okAsync } from "neverthrow";

import { scenarioOutcomes } from "../../../test/scenario-outcomes.ts";
import { createManualClock, createRecordingReadReceipts, type ManualClock } from "../../in-memory/index.ts";
import type { ReadReceipts, ReadReceiptOutcome } from "../../ports/read-receipts.ts";
import { exampleOutcomes } from "../fixtures.ts";
import { describeReadReceiptsContract, readReceiptsContract } from "./contract.ts";
import type { ReadReceiptsSubject, ReceivedReceipt } from "./subject.ts";
import { describeSabotage } from "../sabotage.ts";
import type { TransportScenario } from "../transport/subject.ts";

const { Refused, NotSent, Ambiguous } = exampleOutcomes;

const outcomes: Record<TransportScenario, ReadReceiptOutcome> = {
  accepts: { kind: "ReadConfirmed" },
  ...scenarioOutcomes,
};

const setup = (): ReadReceiptsSubject => {
  const recording = createRecordingReadReceipts();
  const received: ReceivedReceipt[] = [];
  let scenario: TransportScenario = "accepts";
  return {
    clock: createManualClock(),
    readReceipts: {
      mark(receipt, timeoutMs, mayBegin) {
        const { credential, whatsappMessageId, typing } = receipt;
        const { phoneNumberId, accessToken } = credential;
        return recording.mark(receipt, timeoutMs, mayBegin).map((outcome) => {
          if (outcome.kind === "NotSent") return outcome;
          if (scenario === "cannot be reached") return NotSent;
          received.push({ phoneNumberId, accessToken: accessToken.reveal(), whatsappMessageId, typing });
          return outcomes[scenario];
        });
      },
    },
    arrange(next) {
      scenario = next;
    },
    received: () => received,
  };
};

const broken =
  (change: (mark: ReadReceipts["mark"], subject: ReadReceiptsSubject) => ReadReceipts["mark"]) =>
  (subject: ReadReceiptsSubject) => ({
    ...subject,
    readReceipts: { mark: change(subject.readReceipts.mark, subject) },
  });
const turning = (spoil: (outcome: ReadReceiptOutcome) => ReadReceiptOutcome) =>
  broken((mark) => (receipt, timeoutMs, mayBegin) => mark(receipt, timeoutMs, mayBegin).map(spoil));

describeReadReceiptsContract({ name: "recording read receipts", setup });

describeSabotage(readReceiptsContract, {
  setup,
  sabotages: {
    "Sends the receipt unchanged": [
      broken((mark) => (receipt, timeoutMs, mayBegin) => mark({ ...receipt, typing: false }, timeoutMs, mayBegin)),
      broken(
        (mark) => (receipt, timeoutMs, mayBegin) =>
          mark({ ...receipt, whatsappMessageId: "wamid.1" }, timeoutMs, mayBegin),
      ),
    ],
    "marking a message again changes nothing": broken((mark) => {
      const marked = new Set<string>();
      return (receipt, timeoutMs, mayBegin) =>
        mark(receipt, timeoutMs, mayBegin).map((outcome): ReadReceiptOutcome => {
          if (outcome.kind !== "ReadConfirmed" || receipt.typing || receipt.whatsappMessageId !== "wamid.1")
            return outcome;
          if (marked.has(receipt.whatsappMessageId)) return { ...Refused, final: true };
          marked.add(receipt.whatsappMessageId);
          return outcome;
        });
    }),
    "Makes exactly one request and never repeats it, whatever it ends in": broken(
      (mark) => (receipt, timeoutMs, mayBegin) =>
        mark(receipt, timeoutMs, mayBegin).andThen((outcome) =>
          outcome.kind === "Throttled" ? mark(receipt, timeoutMs, mayBegin) : okAsync(outcome),
        ),
    ),
    "Asks `mayBegin` right before the first byte": broken((mark) => (receipt, timeoutMs, mayBegin) => {
      mayBegin?.();
      return mark(receipt, timeoutMs, mayBegin);
    }),
    "Where it answers false, nothing is sent, and the outcome is `NotSent`": broken(
      (mark) => (receipt, timeoutMs, mayBegin) =>
        mark(receipt, timeoutMs, () => mayBegin === undefined || mayBegin() || true),
    ),
    "an answer comes by `timeoutMs` after the call": broken(
      (mark, { clock }) =>
        (receipt, timeoutMs, mayBegin) =>
          mark(receipt, timeoutMs, mayBegin).map(async (outcome) => {
            if (outcome.kind === "Ambiguous") await (clock as ManualClock).advance(timeoutMs + 60_000);
            return outcome;
          }),
    ),
    "What WhatsApp rejects is `Refused`, with whether that is final": turning((outcome) =>
      outcome.kind === "Refused" ? { ...outcome, final: true } : outcome,
    ),
    "A rate limit is `Throttled`, with whose limit it is": turning((outcome) =>
      outcome.kind === "Throttled" ? { ...outcome, scope: "somebody" as never } : outcome,
    ),
    "A rejected access token is `CredentialRefused`": turning((outcome) =>
      outcome.kind === "CredentialRefused" ? { ...Refused, failure: outcome.failure } : outcome,
    ),
    "A request that was sent and got no readable answer is `Ambiguous`": [
      turning((outcome) => (outcome.kind === "Ambiguous" && !outcome.sawSuccess ? NotSent : outcome)),
      turning((outcome) => (outcome.kind === "Ambiguous" && outcome.sawSuccess ? { kind: "ReadConfirmed" } : outcome)),
    ],
    "`NotSent` proves that no byte of the request was sent or will be": turning((outcome) =>
      outcome.kind === "NotSent" && outcome.cause === NotSent.cause ? Ambiguous : outcome,
    ),
    "No outcome contains the access token, even where WhatsApp quotes it": broken(
      (mark) => (receipt, timeoutMs, mayBegin) =>
        mark(receipt, timeoutMs, mayBegin).map((outcome) => {
          if (outcome.kind !== "Refused") return outcome;
          const details = outcome.failure.details.replace("[redacted]", receipt.credential.accessToken.reveal());
          return { ...outcome, failure: { ...outcome.failure, details } };
        }),
    ),
  },
});
