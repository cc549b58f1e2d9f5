import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import sonicBoom from "sonic-boom";

export interface LogOutput {
  /** Takes a line to be written in the background. It never waits and never throws. */
  write(line: string): void;
  /** Resolves once everything is written, and at the latest after `limitMs`. */
  close(limitMs: number): Promise<void>;
}

export interface LogOutputOptions {
  readonly fd: number;
  /** How much may wait for a reader that stalls. What does not fit is dropped. Default 4 MiB. */
  readonly maxBytes?: number;
  /** Is told how many lines were dropped, once there is room again. */
  readonly onDropped?: (lines: number) => void;
}

/** Writes lines to a file descriptor whose reader may be slow, stall for good, or be gone. */
export function createLogOutput({ fd, maxBytes = 4 * 1024 * 1024, onDropped }: LogOutputOptions): LogOutput {
  const stream = new sonicBoom.SonicBoom({ fd, sync: false, maxLength: maxBytes });
  let dropped = 0;
  let isGone = false;

  stream.on("drop", () => (dropped += 1));
  stream.on("drain", () => {
    const lines = dropped;
    dropped = 0;
    if (lines > 0) onDropped?.(lines);
  });
  // What a full disk refuses is tried again with the next line; a reader that is gone does not come back.
  stream.on("error", (error: NodeJS.ErrnoException) => (isGone ||= error.code === "EPIPE"));
  stream.on("close", () => (isGone = true));

  return {
    write: (line) => void (isGone || stream.write(line)),
    async close(limitMs) {
      if (isGone) return;
      const closed = once(stream, "close").catch(() => {});
      stream.end();
      const limit = new AbortController();
      await Promise.race([closed, sleep(limitMs, undefined, { signal: limit.signal }).catch(() => {})]);
      limit.abort();
    },
  };
}
