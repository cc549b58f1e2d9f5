import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { type FileRecord, readRecords } from "./records.ts";

async function read(path: string): Promise<readonly FileRecord[]> {
  const records: FileRecord[] = [];
  for await (const record of readRecords(path, path.endsWith("json") ? "ndjson" : "csv")) records.push(record);
  return records;
}

async function recordsOf(name: string, content: string | Buffer): Promise<readonly FileRecord[]> {
  const folder = await mkdtemp(join(tmpdir(), "message-sender-records-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, content);
  return read(path);
}

it("a CSV has records with the names of its first line, and the line on which each begins", async () => {
  const csv = '\uFEFFto, message \r\n+1,"two\r\nlines, ""quoted"""\r\n\r\n+2,\r\n+3,c';
  expect(await recordsOf("a.csv", csv)).toEqual([
    { line: 2, fields: { to: "+1", message: 'two\r\nlines, "quoted"' } },
    { line: 5, fields: { to: "+2", message: "" } },
    { line: 6, fields: { to: "+3", message: "c" } },
  ]);
});

it("a TSV is separated by tabs", async () => {
  expect(await recordsOf("a.tsv", "to\tmessage\n+1\ta,b\n")).toEqual([
    { line: 2, fields: { to: "+1", message: "a,b" } },
  ]);
});

it("a row with another number of columns, or other bytes than UTF-8, is no end of the file", async () => {
  const csv = Buffer.concat([Buffer.from("to,message\n+1\n+2,"), Buffer.from([0xff]), Buffer.from("\n+3,c,d\n+4,d\n")]);
  expect(await recordsOf("a.csv", csv)).toEqual([
    { line: 2, problem: "has 1 columns instead of 2" },
    { line: 3, problem: "is not UTF-8" },
    { line: 4, problem: "has 3 columns instead of 2" },
    { line: 5, fields: { to: "+4", message: "d" } },
  ]);
});

it.each([
  ["a quote that does not end", 'to,message\n+1,"a\n+2,b\n', /^line \d: is not CSV/],
  ["two columns of one name", "to,to\n+1,+2\n", /^line 1: has two columns named "to"$/],
])("%s ends it", async (_, csv, reason) => {
  await expect(recordsOf("a.csv", csv)).rejects.toThrow(reason);
});

it("NDJSON has an object in each line that is not blank", async () => {
  expect(await recordsOf("a.ndjson", '\uFEFF{"to":"+1"}\r\n\n[1]\n{\n"x"\n{"to":"+2"}')).toEqual([
    { line: 1, fields: { to: "+1" } },
    { line: 3, problem: "is not a JSON object" },
    { line: 4, problem: "is not JSON" },
    { line: 5, problem: "is not a JSON object" },
    { line: 6, fields: { to: "+2" } },
  ]);
});

it.each(["a.csv", "a.ndjson"])("%s that is not there is an error", async (name) => {
  await expect(read(`/nowhere/${name}`)).rejects.toThrow(/ENOENT/);
});
