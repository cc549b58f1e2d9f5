import { createSystemClock } from "@message-sender/core/node";
import { exampleMessage, withIntent } from "@message-sender/core/contracts";

import { openWithHeartbeat } from "../src/open-with-heartbeat.ts";

/**
 * Opens the store with a lease of an hour, and leaves work unfinished there: a line that it holds, an attempt in flight, and a quota block.
 * Then it says so, and waits to be killed.
 */
const [url = "", schema = ""] = process.argv.slice(2);
const { store, owner } = await openWithHeartbeat(url, {
  clock: createSystemClock(),
  schema,
  processLeaseMs: 3_600_000,
});
// A minute old, so that it is due for every process, however far its estimate of the database's time is off.
const queued = exampleMessage({ mode: "queued", acceptedAt: new Date(Date.now() - 60_000) });
const inFlight = withIntent(exampleMessage());
const block = { id: "block-1", tenantId: "tenant-1", granted: 5, expiresAt: new Date() };
for (const message of [queued, inFlight]) (await store.messages.accept(message))._unsafeUnwrap();
(await store.quotaLedger.open(block, "request-1"))._unsafeUnwrap();
const lines = (await store.queue.claim(10))._unsafeUnwrap();
console.log(JSON.stringify({ owner, lines, inFlight: inFlight.id }));
setInterval(() => {}, 60_000);
