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
 * Closes a server without resetting a connection whose request was sent: requests may still wait in the kernel, and those of
 * connections that were not accepted yet too. Who does not read the answer is cut off.
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

/** Resolves as soon as nothing has come for a while. */
async function untilQuiet(arrivals: () => number): Promise<void> {
  await untilNoneCome(arrivals, mostQuietMs, () => setTimeout(quietMs));
}

/**
 * Has the kernel take no more connections, and accepts those that it took. Closing the server would reset them. Node has no
 * other way to change the backlog of a server that listens; where this one is missing, those connections are reset.
 */
async function refuseConnections(server: Server, arrivals: () => number): Promise<void> {
  const { _handle: handle } = server as { readonly _handle?: { listen?(backlog: number): number } };
  handle?.listen?.(0);
  await untilNoneCome(arrivals, mostRefusingMs);
}

/** Resolves in the moment after the event loop has read what there was to read. */
async function untilNoneCome(arrivals: () => number, mostMs: number, pause?: () => Promise<void>): Promise<void> {
  const until = performance.now() + mostMs;
  let before: number;
  do {
    before = arrivals();
    await pause?.();
    for (const _ of ["accept", "read"]) await setImmediate();
  } while (arrivals() !== before && performance.now() < until);
}
