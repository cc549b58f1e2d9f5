import type { Socket } from "node:net";

export interface UnreadLimits {
  /** A client that takes no byte between so many looks is disconnected. */
  readonly mostLooks: number;
  /** How many bytes may wait for such clients, over all connections. */
  readonly mostBytes: number;
}

interface Unread {
  readonly taken: number;
  readonly looks: number;
}

/**
 * Disconnects clients that do not read their answers. Call `look` at a regular interval. It counts its calls and measures no
 * time: while the event loop is late, the server has not written either.
 */
export function createUnreadAnswers({ mostLooks, mostBytes }: UnreadLimits) {
  let known = new Map<Socket, Unread>();

  return {
    look(sockets: Iterable<Socket>): void {
      const found = new Map<Socket, Unread>();
      let bytes = 0;
      for (const socket of sockets) {
        const waiting = socket.writableLength;
        if (waiting === 0) continue;
        const taken = socket.bytesWritten - waiting;
        const before = known.get(socket);
        const looks = before?.taken === taken ? before.looks + 1 : 0;
        if (looks >= mostLooks) {
          socket.destroy();
          continue;
        }
        found.set(socket, { taken, looks });
        if (looks > 0) bytes += waiting;
      }
      known = found;
      const longestFirst = bytes > mostBytes ? [...found].toSorted(([, a], [, b]) => b.looks - a.looks) : [];
      for (const [socket, { looks }] of longestFirst) {
        if (bytes <= mostBytes || looks === 0) break;
        bytes -= socket.writableLength;
        socket.destroy();
      }
    },
  };
}
