import type { Ids } from "../ports/ids.ts";

/** Ids that count up, and digests that are the text itself: every run gets the same ones. */
export function createSequentialIds(): Ids {
  let messages = 0;
  let requests = 0;
  return {
    messageId: () => `message-${String((messages += 1)).padStart(6, "0")}`,
    requestId: () => `request-${String((requests += 1)).padStart(6, "0")}`,
    digest: (text) => text,
  };
}
