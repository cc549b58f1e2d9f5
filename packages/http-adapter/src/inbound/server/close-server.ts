import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";

const quietMs = 50;
const mostQuietMs = 2000;
const mostRefusingMs = 1000;
/** How long a client that has just connected may take to say something. */
const silentGraceMs = 1000;
const closeGraceMs = 3000;

export interface ClosingServer {
  readonly server: Server;
  /** How many connections and requests have come. */
  arrivals(): number;
  sockets(): Iterable<Socket>;
}

/**
 * Closes a server without resetting a connection on which a request was sent: it may still be in the kernel's buffers, also on
 * a connection that was not accepted yet. A client that does not read its answer is disconnected.
 */
export async function closeServer({ server, arrivals, sockets }: ClosingServer): Promise<void> {
  await untilQuiet(arrivals);
  await refuseConnections(server, arrivals);
  const closed = once(server, "close");
  server.close();
  // A connection that is busy now becomes idle later.
  const idle = setInterval(() => server.closeIdleConnections(), quietMs);
  await Promise.race([closed, setTimeout(silentGraceMs, undefined, { ref: false })]);
  for (const socket of sockets()) if (socket.bytesRead === 0) socket.destroy();
  await Promise.race([closed, setTimeout(closeGraceMs - silentGraceMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
  clearInterval(idle);
}

/** Resolves once nothing has arrived for a while. */
async function untilQuiet(arrivals: () => number): Promise<void> {
  await untilNoneCome(arrivals, mostQuietMs, () => setTimeout(quietMs));
}

/**
 * Makes the kernel refuse new connections, and accepts those that wait: closing the server would reset them. Node has no public
 * way to change the backlog of a server that listens. Where the internal one is missing, the connections that wait are reset.
 */
async function refuseConnections(server: Server, arrivals: () => number): Promise<void> {
  const { _handle: handle } = server as { readonly _handle?: { listen?(backlog: number): number } };
  handle?.listen?.(0);
  await untilNoneCome(arrivals, mostRefusingMs);
}

/** Resolves once the event loop has read what there was to read and nothing new has arrived. */
async function untilNoneCome(arrivals: () => number, mostMs: number, pause?: () => Promise<void>): Promise<void> {
  const until = performance.now() + mostMs;
  let before: number;
  do {
    before = arrivals();
    await pause?.();
    for (const _ of ["accept", "read"]) await setImmediate();
  } while (arrivals() !== before && performance.now() < until);
}
