import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The bytes of a file. */
export interface StoredBytes {
  readonly size: number;
  /** From `start` up to, but not including, `end`. Throws after `drop`. */
  read(start?: number, end?: number): Buffer<ArrayBuffer>;
  /** Frees the room that they take. */
  drop(): void;
}

/** Bytes that are still being written. */
interface Writing {
  write(chunk: Uint8Array): void;
  end(): StoredBytes;
  drop(): void;
}

/** Keeps small files in memory, and larger ones in a folder for temporary files that is removed when the process ends. */
export interface ByteStore {
  open(): Writing;
  of(bytes: Uint8Array): StoredBytes;
}

const inMemory = { perFile: 256 * 1024, inAll: 64 * 1024 * 1024 };

export function createByteStore(): ByteStore {
  let held = 0;
  let files = 0;
  let folder: string | undefined;

  function nextPath(): string {
    folder ??= temporaryFolder();
    files += 1;
    return join(folder, String(files));
  }

  function open(): Writing {
    const chunks: Buffer[] = [];
    let size = 0;
    let spilled: { readonly path: string; readonly file: number } | undefined;

    function spill(): number {
      const path = nextPath();
      spilled = { path, file: openSync(path, "w+", 0o600) };
      for (const chunk of chunks) writeSync(spilled.file, chunk);
      held -= size;
      chunks.length = 0;
      return spilled.file;
    }

    function drop(): void {
      if (spilled) {
        closeSync(spilled.file);
        rmSync(spilled.path, { force: true });
      } else held -= size;
      chunks.length = 0;
      size = 0;
      spilled = undefined;
    }

    return {
      write(chunk) {
        const isSmall = size + chunk.length <= inMemory.perFile && held + chunk.length <= inMemory.inAll;
        const file = spilled?.file ?? (isSmall ? undefined : spill());
        if (file === undefined) {
          chunks.push(Buffer.from(chunk));
          held += chunk.length;
        } else writeSync(file, chunk);
        size += chunk.length;
      },
      end() {
        const whole = Buffer.concat(chunks);
        const file = spilled?.file;
        return {
          size,
          read: (start = 0, end = size) =>
            file === undefined ? whole.subarray(start, end) : readFrom(file, start, end - start),
          drop,
        };
      },
      drop,
    };
  }

  return {
    open,
    of(bytes) {
      const writing = open();
      writing.write(bytes);
      return writing.end();
    },
  };
}

function readFrom(file: number, start: number, length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(file, bytes, read, length - read, start + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}

const folders: string[] = [];

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "whatsapp-emulator-"));
  if (folders.push(folder) === 1) process.once("exit", removeFolders);
  return folder;
}

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
