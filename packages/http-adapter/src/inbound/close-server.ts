import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";

const quietMs = 50;
const mostQuietMs = 2000;
const closeGraceMs = 3000;

export interface ClosingServer {
  readonly server: Server;
  /** How many connections and requests have come. */
  arrivals(): number;
  sockets(): Iterable<Socket>;
}

/**
 * Closes a server without resetting a connection whose request was sent: requests may still wait in the kernel, and those of
 * connections that were not accepted yet too. Who does not read the answer is cut off.
 */
export async function closeServer({ server, arrivals, sockets }: ClosingServer): Promise<void> {
  await untilQuiet(arrivals);
  const closed = once(server, "close");
  server.close();
  for (const socket of sockets()) if (socket.bytesRead === 0) socket.destroy();
  // A connection that is busy now becomes idle later.
  const idle = setInterval(() => server.closeIdleConnections(), quietMs);
  await Promise.race([closed, setTimeout(closeGraceMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
  clearInterval(idle);
}

/** Resolves as soon as the event loop has read what there was to read, and nothing has come for a while. */
async function untilQuiet(arrivals: () => number): Promise<void> {
  const until = performance.now() + mostQuietMs;
  let before: number;
  do {
    before = arrivals();
    await setTimeout(quietMs);
    for (const _ of ["accept", "read"]) await setImmediate();
  } while (arrivals() !== before && performance.now() < until);
}
