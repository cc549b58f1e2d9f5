import type { Socket } from "node:net";

export interface UnreadLimits {
  /** A client that reads no byte for this many checks is disconnected. */
  readonly mostChecks: number;
  /** Limit on the bytes that wait for such clients, over all connections. */
  readonly mostBytes: number;
}

interface Unread {
  readonly taken: number;
  readonly checks: number;
}

/**
 * Disconnects clients that do not read their answers. Call `check` at a regular interval. It counts calls instead of measuring
 * time: while the event loop is late, the server does not write either.
 */
export function createUnreadAnswers({ mostChecks, mostBytes }: UnreadLimits) {
  let known = new Map<Socket, Unread>();

  return {
    check(sockets: Iterable<Socket>): void {
      const found = new Map<Socket, Unread>();
      let bytes = 0;
      for (const socket of sockets) {
        const waiting = socket.writableLength;
        if (waiting === 0) continue;
        const taken = socket.bytesWritten - waiting;
        const before = known.get(socket);
        const checks = before?.taken === taken ? before.checks + 1 : 0;
        if (checks >= mostChecks) {
          socket.destroy();
          continue;
        }
        found.set(socket, { taken, checks });
        if (checks > 0) bytes += waiting;
      }
      known = found;
      const longestFirst = bytes > mostBytes ? [...found].toSorted(([, a], [, b]) => b.checks - a.checks) : [];
      for (const [socket, { checks }] of longestFirst) {
        if (bytes <= mostBytes || checks === 0) break;
        bytes -= socket.writableLength;
        socket.destroy();
      }
    },
  };
}
