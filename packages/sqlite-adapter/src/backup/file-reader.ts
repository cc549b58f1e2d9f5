import { closeSync, openSync, read } from "node:fs";
import { promisify } from "node:util";

const readAsync = promisify(read);

/** Reads a file that SQLite has open in this process. */
export interface FileReader {
  /** Up to `length` bytes from `position` on. Empty at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  /** To be called once SQLite has closed the file. */
  close(): Promise<void>;
}

/**
 * Opens the file once, and keeps it open: POSIX releases all locks of a process on a file when the process closes any descriptor
 * of it, so closing it while SQLite has the file open would let another process open the store.
 */
export function createFileReader(path: string): FileReader {
  let file: number | undefined;
  let reading: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  return {
    async read(position, length) {
      if (isClosed) throw new Error("the store was closed");
      file ??= openSync(path, "r");
      const bytes = Buffer.allocUnsafe(length);
      const done = readAsync(file, bytes, 0, length, position);
      reading = done.catch(() => undefined);
      return bytes.subarray(0, (await done).bytesRead);
    },
    async close() {
      isClosed = true;
      await reading;
      if (file !== undefined) closeSync(file);
    },
  };
}
