import { isBuiltin } from "node:module";

import { expect, it } from "vitest";

import { bundleProgram } from "./bundle-program.ts";

const files = await bundleProgram();
const scripts = new Map(
  files.flatMap(({ path, content }) => (typeof content === "string" && path.endsWith(".js") ? [[path, content]] : [])),
);

function importsOf(path: string): readonly string[] {
  const text = scripts.get(path) ?? "";
  return [...text.matchAll(/^(?:import|export)\b[^;'"]*["']([^"']+)["'];$/gm)].map(([, name = ""]) => name);
}

/** A file, and all that are loaded with it. */
function loadedBy(...paths: readonly string[]): ReadonlySet<string> {
  const loaded = new Set(paths);
  // The iteration of a set includes what is added meanwhile.
  for (const path of loaded) {
    for (const name of importsOf(path)) if (name.startsWith("./")) loaded.add(name.slice(2));
  }
  return loaded;
}

it("needs nothing that is installed", () => {
  const names = [...scripts.keys()].flatMap(importsOf);
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !name.startsWith("./") && !isBuiltin(name))).toEqual([]);
});

it("has no character that would make the text of a file twice as large in memory", () => {
  for (const [path, text] of scripts) expect(/[^\0-\x7f]/.exec(text)?.[0], path).toBe(undefined);
});

it("loads for a server a few files, and for the help fewer", () => {
  const bytesOf = (paths: ReadonlySet<string>) =>
    [...paths].reduce((sum, path) => sum + (scripts.get(path)?.length ?? 0), 0);
  const help = loadedBy("main.js");
  const server = loadedBy("main.js", "serve.js", "run.js");
  expect([...help].toSorted()).toEqual(["main.js", "program.js", "rolldown-runtime.js"]);
  expect(server.size).toBeLessThan(25);
  expect(bytesOf(help)).toBeLessThan(200_000);
  expect(bytesOf(server)).toBeLessThan(3_000_000);
});

it("loads for the database's thread a file of its own", () => {
  expect(loadedBy("worker.js").size).toBe(1);
});

it("tells the licenses of what it contains", () => {
  const licenses = String(files.find(({ path }) => path === "LICENSES.txt")?.content);
  for (const name of ["hono", "pg", "pino", "undici", "zod"]) {
    expect(licenses).toMatch(new RegExp(`^${name} [0-9.]+, (?:MIT|ISC)\\n\\n[^]*?Permission`, "m"));
  }
});
