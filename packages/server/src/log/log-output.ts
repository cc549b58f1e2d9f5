import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import sonicBoom from "sonic-boom";

/** An output that never blocks the process. */
export interface LogOutput {
  /** Writes a line in the background. Never waits, never throws. */
  write(line: string): void;
  /** Resolves once everything is written, or after `limitMs`. */
  close(limitMs: number): Promise<void>;
}

/** The options of `createLogOutput`. */
export interface LogOutputOptions {
  /** The file descriptor to write to. */
  readonly fd: number;
  /** The size of the buffer for a slow reader. Lines that do not fit are dropped. Default: 4 MiB. */
  readonly maxBytes?: number;
  /** Called with the number of dropped lines, once there is room again. */
  readonly onDropped?: (lines: number) => void;
}

/** Writes lines to a file descriptor whose reader may be slow, may hang forever, or may have closed its end. */
export function createLogOutput({ fd, maxBytes = 4 * 1024 * 1024, onDropped }: LogOutputOptions): LogOutput {
  const stream = new sonicBoom.SonicBoom({ fd, sync: false, maxLength: maxBytes });
  let dropped = 0;
  let isClosed = false;

  stream.on("drop", () => (dropped += 1));
  stream.on("drain", () => {
    const lines = dropped;
    dropped = 0;
    if (lines > 0) onDropped?.(lines);
  });
  // A write that a full disk refuses is retried with the next line. A closed reader does not come back.
  stream.on("error", (error: NodeJS.ErrnoException) => (isClosed ||= error.code === "EPIPE"));
  stream.on("close", () => (isClosed = true));

  return {
    write: (line) => void (isClosed || stream.write(line)),
    async close(limitMs) {
      if (isClosed) return;
      const closed = once(stream, "close").catch(() => {});
      stream.end();
      const limit = new AbortController();
      await Promise.race([closed, sleep(limitMs, undefined, { signal: limit.signal }).catch(() => {})]);
      limit.abort();
    },
  };
}
