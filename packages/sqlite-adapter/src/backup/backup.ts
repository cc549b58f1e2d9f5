import type { Unavailable } from "@message-sender/core";
import { err, ok, type Result, ResultAsync } from "neverthrow";

import { type GroupCommit, unavailable } from "../database/group-commit.ts";
import type { DatabaseChannel } from "../database/channel.ts";
import { markBackup } from "../schema/backup-mark.ts";
import type { FileReader } from "./file-reader.ts";

/** A copy of the store, as of one moment. */
export interface StoreBackup {
  /** In bytes. */
  readonly size: number;
  /**
   * The bytes of a database file, `size` of them. Read it to its end, or call `return`: until then the log of the store grows. It
   * throws if a piece is not read within a minute.
   */
  readonly content: AsyncGenerator<Uint8Array, void>;
}

/** Another backup is being made. */
export interface BackupInProgress {
  readonly kind: "BackupInProgress";
}

interface BackupParts {
  readonly commits: Pick<GroupCommit, "between">;
  readonly database: Pick<DatabaseChannel, "run">;
  readonly reader: FileReader;
}

const pieceSize = 256 * 1024;
/** A reader that has stopped reading must not let the log fill the disk. */
const pieceWithinMs = 60_000;

/**
 * Copies the file while the store is in use. The log is moved into the file first, and stays out of it until the copy is complete:
 * the file does not change meanwhile. Commits wait only while the log is moved, which has 16 MB as a rule.
 */
export function createBackup({ commits, database, reader }: BackupParts) {
  let inProgress = false;

  async function begin(): Promise<Result<StoreBackup, Unavailable | BackupInProgress>> {
    if (inProgress) return err({ kind: "BackupInProgress" });
    inProgress = true;
    const begun = await commits.between(() => database.run("begin backup"));
    if ("failure" in begun) {
      await end();
      return err(unavailable(begun.failure));
    }
    const size = Number(begun.answers[0]);
    return ok({ size, content: pieces(size) });
  }

  async function end(): Promise<void> {
    await commits.between(() => database.run("end backup"));
    inProgress = false;
  }

  function pieces(size: number): StoreBackup["content"] {
    let ended: Promise<void> | undefined;
    let isLate = false;
    const endOnce = () => (ended ??= end());
    const late = () => {
      isLate = true;
      endOnce().catch(() => undefined);
    };
    let timer = setTimeout(late, pieceWithinMs);

    async function* read(): AsyncGenerator<Uint8Array, void> {
      try {
        for (let position = 0; position < size;) {
          const piece = await reader.read(position, Math.min(pieceSize, size - position));
          if (isLate) throw new Error("the backup was not read for a minute");
          if (piece.length === 0) throw new Error("the file became shorter");
          if (position === 0) markBackup(piece);
          position += piece.length;
          clearTimeout(timer);
          timer = setTimeout(late, pieceWithinMs);
          yield piece;
        }
      } finally {
        clearTimeout(timer);
        await endOnce();
      }
    }

    const content = read();
    // A generator that never began does not run its `finally`.
    const stop = content.return.bind(content);
    content.return = async (value) => {
      clearTimeout(timer);
      await endOnce();
      return stop(value);
    };
    return content;
  }

  return (): ResultAsync<StoreBackup, Unavailable | BackupInProgress> => new ResultAsync(begin());
}
