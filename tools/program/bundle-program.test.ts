import { isBuiltin } from "node:module";

import { expect, it } from "vitest";

import { bundleProgram } from "./bundle-program.ts";

const files = await bundleProgram();
const scripts = new Map(
  files.flatMap(({ path, content }) =>
    typeof content === "string" && /^[^/]+\.js$/.test(path) ? [[path, content]] : [],
  ),
);

const atOnce = /^(?:import|export)\b[^;'"]*["']([^"'\n]+)["'];$/gm;
const later = /\b(?:import|require|__require)\(\s*["']([^"'\n]+)["']\s*\)/g;

function namesIn(path: string, pattern: RegExp): readonly string[] {
  return [...(scripts.get(path) ?? "").matchAll(pattern)].map(([, name = ""]) => name);
}

/** Files, and all that are loaded with them. */
function loadedWith(...paths: readonly string[]): ReadonlySet<string> {
  const loaded = new Set(paths);
  // The iteration of a set includes what is added meanwhile.
  for (const path of loaded) {
    for (const name of namesIn(path, atOnce)) if (name.startsWith("./")) loaded.add(name.slice(2));
  }
  return loaded;
}

/** What is used where somebody has installed it. */
const optional = ["pg-native", "pino-elasticsearch"];

it("needs nothing that is installed", () => {
  const names = [...scripts.keys()].flatMap((path) => [...namesIn(path, atOnce), ...namesIn(path, later)]);
  expect(names.length).toBeGreaterThan(200);
  const foreign = names.filter((name) => !name.startsWith("./") && !isBuiltin(name) && !optional.includes(name));
  expect(foreign).toEqual([]);
});

it("has no character that would make the text of a file twice as large in memory", () => {
  for (const [path, text] of scripts) expect(/[^\0-\x7f]/.exec(text)?.[0], path).toBe(undefined);
});

it("loads few files for a server, and fewer for the help", () => {
  const bytesOf = (paths: ReadonlySet<string>) =>
    [...paths].reduce((sum, path) => sum + (scripts.get(path)?.length ?? 0), 0);
  const help = loadedWith("main.js");
  const server = loadedWith("main.js", "serve.js", "run.js", "sqlite-adapter.js");
  expect(help.size).toBeLessThan(6);
  expect(bytesOf(help)).toBeLessThan(200_000);
  expect(server.size).toBeLessThan(25);
  expect(bytesOf(server)).toBeLessThan(2_700_000);
});

it("ignores SIGUSR1 before it loads the rest", () => {
  const first = loadedWith("no-inspector.js");
  expect(first).not.toContain("help.js");
  expect([...first].map((path) => scripts.get(path)).join("")).toContain('process.on("SIGUSR1"');
});

it("loads one file for the database's thread", () => {
  expect(loadedWith("worker.js").size).toBe(1);
});

it("tells the license of each package from which it has something", () => {
  const licenses = String(files.find(({ path }) => path === "LICENSES.txt")?.content);
  const told = [...licenses.matchAll(/^(\S+) \d+\.\d+\.\d+\S*, \S+$/gm)].map(([, name = ""]) => name);
  const markers = [...scripts.values()].flatMap((text) => [
    ...text.matchAll(/^\/\/ node_modules\/(?:.*\/node_modules\/)?((?:@[^/]+\/)?[^/]+)\//gm),
  ]);
  const bundled = markers.map(([, name = ""]) => name);
  expect(told).toEqual(expect.arrayContaining([...new Set(bundled), "uplot", "@scalar/fastify-api-reference"]));
});
