import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface UnreadPipe {
  /** The end to write to, which the caller closes. */
  readonly fd: number;
  /** Reads what the pipe holds now. */
  read(): string;
  close(): void;
}

/** A pipe of 64 KiB that nobody reads. */
export function unreadPipe(): UnreadPipe {
  const folder = mkdtempSync(join(tmpdir(), "message-sender-pipe-"));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const fd = openSync(path, constants.O_WRONLY);
  const buffer = Buffer.alloc(1024 * 1024);
  return {
    fd,
    read() {
      try {
        return buffer.toString("utf8", 0, readSync(reader, buffer));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EAGAIN") return "";
        throw error;
      }
    },
    close() {
      closeSync(reader);
      rmSync(folder, { recursive: true });
    },
  };
}
