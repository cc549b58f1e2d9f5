import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const names = await readdir(join(root, "packages"));
const license = await readFile(join(root, "LICENSE"), "utf8");

describe.each(names)("packages/%s", (name) => {
  const read = (file: string) => readFile(join(root, "packages", name, file), "utf8");

  it("says in its package.json what it is, under which licence and where it lies", async () => {
    const metadata = JSON.parse(await read("package.json"));
    expect(metadata).toMatchObject({
      name: `@message-sender/${name}`,
      license: "MIT",
      repository: { directory: `packages/${name}` },
      engines: { node: expect.stringMatching(/^>=\d+(\.\d+)*$/) },
    });
    expect(metadata.description).toMatch(/^[A-Z].{20,}\.$/);
    expect(metadata.keywords).toContain("whatsapp");
    expect(metadata.files).toContain(name === "cli" ? "program" : "dist");
  });

  it("has the licence of the repository, which npm packs with it", async () => {
    expect(await read("LICENSE")).toBe(license);
  });
});
