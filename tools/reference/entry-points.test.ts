import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, it } from "vitest";

import { root } from "../readmes/examples.ts";

const readJson = async <T>(path: string) => JSON.parse(await readFile(join(root, path), "utf8")) as T;

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly "@message-sender/source": string }>>;
}

it("the API reference has every public entry of every package, and no other", async () => {
  const entries: string[] = [];
  const names: string[] = [];
  for await (const path of glob("packages/*/package.json", { cwd: root })) {
    const { name, exports } = await readJson<Manifest>(path);
    const sources = Object.values(exports).flatMap((entry) =>
      typeof entry === "string" ? [] : [join("..", path, "..", entry["@message-sender/source"])],
    );
    entries.push(...sources);
    if (sources.length > 0) names.push(name);
  }
  const options = await readJson<{ entryPoints: string[]; packagesRequiringDocumentation: string[] }>(
    "docs/typedoc.json",
  );
  expect(options.entryPoints.toSorted()).toEqual(entries.toSorted());
  expect(options.packagesRequiringDocumentation.toSorted()).toEqual(names.toSorted());
});
