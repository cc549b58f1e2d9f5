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

/**
 * Lines of this time are written together, up to so many characters: a write, its thread and its wake-ups cost as much as fifty
 * lines. The first line after a pause is written at once.
 */
const gatherMs = 50;
const mostGathered = 64 * 1024;

/** Writes lines to a file descriptor whose reader may be slow, may hang forever, or may have closed its end. */
export function createLogOutput({ fd, maxBytes = 4 * 1024 * 1024, onDropped }: LogOutputOptions): LogOutput {
  const stream = new sonicBoom.SonicBoom({ fd, sync: false, maxLength: maxBytes });
  let gathered = "";
  let timer: NodeJS.Timeout | undefined;
  let writtenAt = Number.NEGATIVE_INFINITY;
  let dropped = 0;
  let isClosed = false;
  let closing: Promise<void> | undefined;

  function writeGathered(): void {
    clearTimeout(timer);
    timer = undefined;
    writtenAt = performance.now();
    if (gathered !== "" && !isClosed) stream.write(gathered);
    gathered = "";
  }

  function gather(): void {
    const leftMs = gatherMs - (performance.now() - writtenAt);
    if (leftMs <= 0) writeGathered();
    else timer = setTimeout(writeGathered, leftMs);
  }

  async function end(limitMs: number): Promise<void> {
    if (isClosed) return;
    writeGathered();
    // A later line would find the stream destroyed.
    isClosed = true;
    const closed = once(stream, "close").catch(() => {});
    stream.end();
    const limit = new AbortController();
    await Promise.race([closed, sleep(limitMs, undefined, { signal: limit.signal }).catch(() => {})]);
    limit.abort();
  }

  stream.on("drop", (lines: string) => (dropped += lines.split("\n").length - 1));
  stream.on("drain", () => {
    const lines = dropped;
    dropped = 0;
    if (lines > 0) onDropped?.(lines);
  });
  // A write that a full disk refuses is retried with the next line. A closed reader does not come back.
  stream.on("error", (error: NodeJS.ErrnoException) => (isClosed ||= error.code === "EPIPE"));
  stream.on("close", () => (isClosed = true));

  return {
    write(line) {
      if (isClosed) return;
      gathered += line;
      if (gathered.length >= mostGathered) writeGathered();
      else if (timer === undefined) gather();
    },
    close: (limitMs) => (closing ??= end(limitMs)),
  };
}
