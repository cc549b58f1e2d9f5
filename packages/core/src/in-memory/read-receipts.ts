import { okAsync } from "neverthrow";

import type { ReadReceipt, ReadReceipts, ReadReceiptOutcome } from "../ports/read-receipts.ts";

/** Read receipts that a test can read and script. */
export interface RecordingReadReceipts extends ReadReceipts {
  /** Every receipt, in order. */
  readonly receipts: readonly ReadReceipt[];
  /** Answers the next receipts with these outcomes, in order. Later receipts are confirmed again. */
  answerWith(...outcomes: readonly ReadReceiptOutcome[]): void;
}

/** Records each receipt. Confirms it, unless `answerWith` says otherwise. */
export function createRecordingReadReceipts(): RecordingReadReceipts {
  const receipts: ReadReceipt[] = [];
  const scripted: ReadReceiptOutcome[] = [];
  return {
    receipts,
    answerWith: (...outcomes) => void scripted.push(...outcomes),
    mark(receipt, _, mayBegin) {
      if (mayBegin?.() === false) return okAsync(heldBack);
      receipts.push(receipt);
      return okAsync(scripted.shift() ?? { kind: "ReadConfirmed" });
    },
  };
}

const heldBack: ReadReceiptOutcome = { kind: "NotSent", final: false, cause: "it may not begin now" };
