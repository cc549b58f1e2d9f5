import type { RecipientFact, Recipients } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";
import type { RecipientFactRow } from "./procedures/recipients.ts";

export function createRecipients({ call }: GroupCommit): Recipients {
  return {
    note: (facts) => call("noteRecipients", facts.map(rowOf)),
    noteName: ({ phoneNumberId, recipient, knownAs, at }) =>
      call("noteRecipientName", [phoneNumberId, recipient, knownAs, at.getTime()]),
    find: (phoneNumberId, recipient) =>
      call("findRecipient", phoneNumberId, recipient).map((row) => {
        const [wroteAt, stoppedAt, resumedAt, knownAs] = row ?? [null, null, null, null];
        return {
          ...(wroteAt !== null && { wroteAt: new Date(wroteAt) }),
          ...(stoppedAt !== null && { stoppedMarketingAt: new Date(stoppedAt) }),
          ...(resumedAt !== null && { resumedMarketingAt: new Date(resumedAt) }),
          ...(knownAs !== null && { knownAs }),
        };
      }),
  };
}

function rowOf({ kind, phoneNumberId, recipient, at }: RecipientFact): RecipientFactRow {
  const timeOf = (one: RecipientFact["kind"]) => (kind === one ? at.getTime() : null);
  return [phoneNumberId, recipient, timeOf("Wrote"), timeOf("StoppedMarketing"), timeOf("ResumedMarketing")];
}
