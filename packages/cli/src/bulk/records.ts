import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { parse } from "csv-parse";

/** The fields of a record, by name. A CSV has texts only. */
export type RecordFields = Readonly<Record<string, unknown>>;

/** One record of a file: a row of a CSV, or a line of NDJSON. */
export interface FileRecord {
  /** The line on which it begins. The first line of a file is 1. */
  readonly line: number;
  readonly fields?: RecordFields;
  /** Why it cannot be read. */
  readonly problem?: string;
}

/** The file cannot be read on: what follows depends on what is wrong. */
export class UnreadableFile extends Error {}

export type FileFormat = "csv" | "ndjson";

/** The format that the name of a file says. */
export function formatOf(path: string): FileFormat | undefined {
  if (/\.(?:csv|tsv)$/i.test(path)) return "csv";
  return /\.(?:ndjson|jsonl)$/i.test(path) ? "ndjson" : undefined;
}

/** Reads a file record by record, in bounded memory. Blank lines are skipped. */
export function readRecords(path: string, format: FileFormat): AsyncIterable<FileRecord> {
  return format === "csv" ? readCsv(path) : readNdjson(path);
}

interface CsvRow {
  readonly record: readonly string[];
  readonly raw: string;
}

async function* readCsv(path: string): AsyncIterable<FileRecord> {
  const input = createReadStream(path);
  const rows = input.pipe(
    parse({
      bom: true,
      raw: true,
      relax_column_count: true,
      delimiter: /\.tsv$/i.test(path) ? "\t" : ",",
      max_record_size: longestRecord,
    }),
  );
  input.on("error", (error) => rows.destroy(error));
  let names: readonly string[] | undefined;
  let line = 1;
  try {
    for await (const { record, raw } of rows as AsyncIterable<CsvRow>) {
      const begins = line;
      // Its own count takes CR LF within quotes for two lines.
      line += raw.match(/\r\n|\r|\n/g)?.length ?? 0;
      if (record.length === 1 && record[0] === "") continue;
      if (!names) names = columnNames(record);
      else if (record.length === names.length) yield { line: begins, ...cellsOf(names, record) };
      else yield { line: begins, problem: `has ${record.length} columns instead of ${names.length}` };
    }
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    input.destroy();
  }
}

function columnNames(record: readonly string[]): readonly string[] {
  const names = record.map((name) => name.trim());
  const [twice] = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new UnreadableFile(`line 1: has two columns named ${JSON.stringify(twice)}`);
  return names;
}

function cellsOf(names: readonly string[], cells: readonly string[]): Omit<FileRecord, "line"> {
  if (cells.some((cell) => cell.includes("\uFFFD"))) return { problem: "is not UTF-8" };
  return { fields: Object.fromEntries(names.map((name, at) => [name, cells[at]] as const)) };
}

async function* readNdjson(path: string): AsyncIterable<FileRecord> {
  const input = createReadStream(path);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  input.on("error", (error) => {
    failed.reject(error);
    lines.close();
  });
  let line = 0;
  try {
    for await (const text of lines) {
      line += 1;
      const json = line === 1 ? text.replace(/^\uFEFF/, "") : text;
      if (json.trim() !== "") yield { line, ...objectIn(json) };
    }
    if (input.errored) await failed.promise;
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    lines.close();
    input.destroy();
  }
}

function objectIn(json: string): Omit<FileRecord, "line"> {
  if (json.includes("\uFFFD")) return { problem: "is not UTF-8" };
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? { fields: value as RecordFields } : { problem: "is not a JSON object" };
  } catch {
    return { problem: "is not JSON" };
  }
}

function unreadable(path: string, error: unknown): UnreadableFile {
  if (error instanceof UnreadableFile) return error;
  const { code, lines, message } = error as { code?: string; lines?: number; message: string };
  if (code?.startsWith("CSV_")) return new UnreadableFile(`line ${lines ?? "?"}: is not CSV (${message})`);
  return new UnreadableFile(`${path} cannot be read (${code ?? message})`);
}

/** In characters. No message is longer. */
const longestRecord = 1024 * 1024;
