import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";

import { openResultFile, UnusableResults } from "./result-file.ts";

const run = "1a2b3c4d";

function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "results-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "results.csv");
}

/** Which of the lines are done once the file is opened again; undefined if it is refused. */
async function doneIn(path: string, ofRun = run): Promise<readonly number[] | undefined> {
  const results = await openResultFile(path, ofRun);
  await results?.close();
  return results && [2, 3].filter((line) => results.isDone(line));
}

async function written(path: string): Promise<string> {
  const results = await openResultFile(path, run);
  await results?.add([
    { line: 2, key: "bulk-2", messageId: "id-2", status: "queued" },
    { line: 3, key: 'key "3",', messageId: "id-3", status: "queued" },
  ]);
  await results?.close();
  return readFileSync(path, "utf8");
}

it("is opened again wherever its last row was cut off, and that line is tried again", async () => {
  const path = freshPath();
  const whole = await written(path);
  const lastRow = whole.indexOf("3,id-3");
  for (let length = lastRow; length < whole.length - 1; length += 1) {
    writeFileSync(path, whole.slice(0, length));
    expect([length, await doneIn(path)]).toEqual([length, [2]]);
  }
  writeFileSync(path, whole.slice(0, -1));
  expect(await doneIn(path)).toEqual([2, 3]);
});

it("of another run is refused, and left as it is", async () => {
  const path = freshPath();
  await written(path);
  appendFileSync(path, "4,id");
  const before = readFileSync(path, "utf8");
  expect(await doneIn(path, "5e6f7a8b")).toBeUndefined();
  expect(readFileSync(path, "utf8")).toBe(before);
});

it("changes no other file", async () => {
  const path = freshPath();
  writeFileSync(`${path}.new`, "the orders of today");
  await written(path);
  expect(readdirSync(dirname(path)).map((name) => [name, readFileSync(join(dirname(path), name), "utf8")])).toEqual([
    ["results.csv", readFileSync(path, "utf8")],
    ["results.csv.new", "the orders of today"],
  ]);
});

it.each(["to,message\n+628123456789,Hello\n", '{"to":"+628123456789"}\n', "a;b\n", "\n"])(
  "that is something else is refused, and left as it is: %j",
  async (text) => {
    const path = freshPath();
    writeFileSync(path, text);
    expect(await doneIn(path)).toBeUndefined();
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);

it("that a spreadsheet has saved is opened", async () => {
  const path = freshPath();
  writeFileSync(path, `\ufeff${(await written(path)).replaceAll("\n", "\r\n")}`);
  expect(await doneIn(path)).toEqual([2, 3]);
});

it("that is empty is opened", async () => {
  const path = freshPath();
  writeFileSync(path, "");
  expect(await doneIn(path)).toEqual([]);
});

it.skipIf(process.platform !== "linux")("that cannot be created leaves nothing behind", async () => {
  // A path of Linux has at most 4,095 bytes, and each name in it 255. That of the new folder has 4,095: no file in it can be opened.
  const length = 4095 - ".123456".length;
  let folder = dirname(freshPath());
  while (folder.length < length - 240) folder = join(folder, "d".repeat(200));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "r".repeat(length - folder.length - 1));
  await expect(openResultFile(path, run)).rejects.toThrow("cannot be written (ENAMETOOLONG)");
  expect(readdirSync(folder)).toEqual([]);
});

it("that cannot be renamed leaves nothing behind", async () => {
  const left = () => readdirSync(".").filter((name) => /^\.\w{6}$/.test(name));
  const before = left();
  await expect(openResultFile("", run)).rejects.toThrow(UnusableResults);
  expect(left()).toEqual(before);
});
