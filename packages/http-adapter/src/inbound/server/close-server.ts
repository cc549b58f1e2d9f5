import { once } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";

const quietMs = 50;
const mostQuietMs = 2000;
const mostRefusingMs = 1000;
/** The listen backlog: connections that wait while the event loop is busy. Linux allows 4096 by default. */
export const waitingConnections = 4096;
/** How long a new client may take to send something. */
const silentGraceMs = 1000;
const closeGraceMs = 3000;

export interface ClosingServer {
  readonly server: Server;
  /** The number of connections and requests so far. */
  arrivals(): number;
  sockets(): Iterable<Socket>;
}

/**
 * Closes a server without resetting a connection on which a request was sent. The request may still be in the kernel's buffers,
 * even on a connection that was not accepted yet. A client that does not read its answer is disconnected.
 */
export async function closeServer({ server, arrivals, sockets }: ClosingServer): Promise<void> {
  await untilQuiet(arrivals);
  await refuseConnections(server, arrivals);
  const closed = once(server, "close");
  server.close();
  // A connection that is busy now may become idle later.
  const idle = setInterval(() => server.closeIdleConnections(), quietMs);
  await Promise.race([closed, setTimeout(silentGraceMs, undefined, { ref: false })]);
  for (const socket of sockets()) if (socket.bytesRead === 0) socket.destroy();
  await Promise.race([closed, setTimeout(closeGraceMs - silentGraceMs, undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
  clearInterval(idle);
}

/** Resolves when nothing has arrived for a while. */
async function untilQuiet(arrivals: () => number): Promise<void> {
  const until = performance.now() + mostQuietMs;
  while ((await hasArrivals(arrivals, quietMs)) && performance.now() < until);
}

/**
 * Makes the kernel refuse new connections, and accepts those in the backlog, which closing the server would reset. Node has no
 * public way to change the backlog of a listening server. Without the internal one, the connections in the backlog are reset.
 */
async function refuseConnections(server: Server, arrivals: () => number): Promise<void> {
  const { _handle: handle } = server as { readonly _handle?: { listen?(backlog: number): number } };
  handle?.listen?.(0);
  const mostBacklog = arrivals() + 2 * waitingConnections;
  const until = performance.now() + mostRefusingMs;
  // Node accepts one connection per turn of the event loop. On a slow server a full backlog takes longer than the limit.
  while ((await hasArrivals(arrivals)) && (arrivals() < mostBacklog || performance.now() < until));
}

/** Whether something arrives until the event loop has read all available data. */
async function hasArrivals(arrivals: () => number, pauseMs?: number): Promise<boolean> {
  const before = arrivals();
  if (pauseMs !== undefined) await setTimeout(pauseMs);
  for (const _ of ["accept", "read"]) await setImmediate();
  return arrivals() !== before;
}
