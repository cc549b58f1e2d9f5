import { createReadStream, existsSync } from "node:fs";
import { mkdtemp, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { parse } from "csv-parse";

/** What became of a line. */
export interface LineResult {
  readonly line: number;
  readonly key: string;
  readonly messageId?: string;
  readonly status?: string;
  /** The type of its problem, such as `invalid-request`, and what it says. */
  readonly problem?: string;
  readonly detail?: string;
}

/** The results of a run, as a CSV beside its file. */
export interface ResultFile {
  /** Whether an earlier start of this run got the line accepted. */
  isDone(line: number): boolean;
  /** How many lines that are. */
  readonly done: number;
  add(results: readonly LineResult[]): Promise<void>;
  close(): Promise<void>;
}

/** The file cannot be read or written. */
export class UnusableResults extends Error {
  constructor(path: string, verb: "read" | "written", { code, message }: NodeJS.ErrnoException) {
    super(`${path} cannot be ${verb} (${code ?? message}): give --result with another path, in a folder that exists.`);
  }
}

const header = ["line", "message_id", "status", "problem", "detail", "idempotency_key", "run"];

/**
 * Opens the results of a run. Of an earlier start, accepted lines are kept and the others are tried again. Undefined if the file has
 * something else, or the results of another file or run. Throws `UnusableResults`.
 */
export async function openResultFile(path: string, run: string): Promise<ResultFile | undefined> {
  const unwritable = (error: unknown): never => {
    throw new UnusableResults(path, "written", error as NodeJS.ErrnoException);
  };
  // In a folder of its own: no file that exists is written over.
  const folder = await mkdtemp(`${path}.`).catch(unwritable);
  const next = join(folder, "results.csv");
  const removeFolder = () => rm(folder, { recursive: true });
  const file = await open(next, "wx", 0o600).catch(async (error: unknown) => {
    await removeFolder();
    return unwritable(error);
  });
  const write = (text: string) => file.write(text).catch(unwritable);
  const done = new LineSet();

  /** Whether what is in the file belongs to this run. */
  async function copyAccepted(): Promise<boolean> {
    await write(rowOf(header));
    if (!existsSync(path)) return true;
    let isFirst = true;
    for await (const row of rowsOf(path)) {
      if (isFirst && row.join() !== header.join()) return false;
      isFirst = false;
      const [line = "", id = "", , , , , ofRun = ""] = row;
      if (row.length !== header.length || line === header[0]) continue;
      const isCutOff = ofRun !== run && run.startsWith(ofRun);
      if (ofRun !== run && !isCutOff) return false;
      if (isCutOff || id === "" || done.has(Number(line))) continue;
      done.add(Number(line));
      await write(rowOf(row));
    }
    return true;
  }

  async function discard(): Promise<void> {
    await file.close();
    await removeFolder();
  }

  const isOurs = await copyAccepted().catch(async (error: unknown) => {
    await discard();
    throw error instanceof UnusableResults ? error : new UnusableResults(path, "read", error as NodeJS.ErrnoException);
  });
  if (!isOurs) {
    await discard();
    return undefined;
  }
  await rename(next, path).catch(async (error: unknown) => {
    await discard();
    unwritable(error);
  });
  await removeFolder();
  return {
    isDone: (line) => done.has(line),
    done: done.size,
    async add(results) {
      const rows = results.map(({ line, key, messageId = "", status = "", problem = "", detail = "" }) =>
        rowOf([String(line), messageId, status, problem, detail, key, run]),
      );
      await write(rows.join(""));
    },
    close: () => file.close(),
  };
}

/** A process that was killed may have left half a row at the end. */
function rowsOf(path: string): AsyncIterable<readonly string[]> {
  const file = createReadStream(path);
  const rows = file.pipe(
    parse({ bom: true, relax_column_count: true, relax_quotes: true, skip_records_with_error: true }),
  );
  file.once("error", (error) => rows.destroy(error));
  return rows;
}

function rowOf(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`;
}

/** A set of line numbers, with a bit for each: a file may have ten million lines. */
class LineSet {
  #bits = new Uint8Array(1024);
  size = 0;

  has(line: number): boolean {
    return ((this.#bits[line >> 3] ?? 0) & (1 << (line & 7))) !== 0;
  }

  add(line: number): void {
    if (line >> 3 >= this.#bits.length) {
      const larger = new Uint8Array(Math.max((line >> 3) + 1, this.#bits.length * 2));
      larger.set(this.#bits);
      this.#bits = larger;
    }
    if (!this.has(line)) this.size += 1;
    this.#bits[line >> 3] = (this.#bits[line >> 3] ?? 0) | (1 << (line & 7));
  }
}
