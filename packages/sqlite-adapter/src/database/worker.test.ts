import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

/** The modules that a module imports at run time, directly and indirectly. */
function loadedBy(url: URL, found = new Set<string>()): Set<string> {
  const imports = readFileSync(url, "utf8").matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gm);
  for (const [, name = ""] of imports) {
    if (found.has(name)) continue;
    if (!name.startsWith(".")) found.add(name);
    else loadedBy(new URL(name, url), found);
  }
  return found;
}

it("the database thread loads nothing but Node's own modules, so that a store opens at once", () => {
  const loaded = [...loadedBy(new URL("./worker.ts", import.meta.url))];
  expect(loaded).toContain("node:sqlite");
  expect(loaded.filter((name) => !name.startsWith("node:"))).toEqual([]);
});
