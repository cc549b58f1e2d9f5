import { okAsync } from "neverthrow";

import type { ReadReceipt, ReadReceipts, ReadReceiptOutcome } from "../ports/read-receipts.ts";

export interface RecordingReadReceipts extends ReadReceipts {
  /** Every receipt that was handed over, in order. */
  readonly receipts: readonly ReadReceipt[];
  /** The next receipts end like this, one after the other; after them, each is taken again. */
  answerWith(...outcomes: readonly ReadReceiptOutcome[]): void;
}

/** Takes each receipt, unless told otherwise, and remembers it. */
export function createRecordingReadReceipts(): RecordingReadReceipts {
  const receipts: ReadReceipt[] = [];
  const scripted: ReadReceiptOutcome[] = [];
  return {
    receipts,
    answerWith: (...outcomes) => void scripted.push(...outcomes),
    mark(receipt) {
      receipts.push(receipt);
      return okAsync(scripted.shift() ?? { kind: "ReadConfirmed" });
    },
  };
}
