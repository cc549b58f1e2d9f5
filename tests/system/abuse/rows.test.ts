import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { root } from "../../../tools/readmes/examples.ts";
import { rows } from "./rows.ts";

const folder = import.meta.dirname;
const files = (await readdir(folder)).filter((name) => name.endsWith(".test.ts"));
const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
const shownHere = new Set(texts.flatMap((text) => [...text.matchAll(/titleOf\("([^"]+)"\)/g)].map(([, name]) => name)));

describe("a kind of bad input", () => {
  it.each(Object.entries(rows))("is shown by a test of the running server: %s", async (name, row) => {
    const elsewhere = "elsewhere" in row ? row.elsewhere : [];
    expect(shownHere.has(name) || elsewhere.length > 0).toBe(true);
    for (const [file, title] of elsewhere) {
      expect(await readFile(join(root, file), "utf8"), file).toContain(title);
    }
  });

  it("is named by tests only if it is in the table", () => {
    expect([...shownHere].filter((name) => !(String(name) in rows))).toEqual([]);
  });
});
