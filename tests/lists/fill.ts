import type { Message } from "@message-sender/core";

import type { OpenedStore } from "./stores.ts";

const inFlight = 1000;

/** Stores `count` messages as a sender does, as they are at the end of their lives. */
export async function fill(
  { store, settle }: OpenedStore,
  count: number,
  messageOf: (index: number) => Message,
): Promise<void> {
  const startedAt = performance.now();
  for (let first = 0; first < count; first += inFlight) {
    const batch = Array.from({ length: Math.min(inFlight, count - first) }, (_, index) => messageOf(first + index));
    const accepted = await Promise.all(batch.map((message) => store.messages.accept(message)));
    if (accepted.some((answer) => answer.isErr())) throw new Error("A message was not accepted.");
    // The commit stores the WhatsApp ids.
    const named = batch.filter((_, index) => (first + index) % 10 === 0);
    await Promise.all(named.map((message) => store.messages.commit({ next: { ...message, revision: 2 } })));
    if ((first / inFlight) % 100 === 99) process.stdout.write(`  ${first + inFlight} stored\n`);
  }
  await settle();
  process.stdout.write(`${count} messages stored in ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
}
