import { readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import type { Tarball } from "../tarballs/pack.ts";
import { runProcess } from "../tarballs/run-process.ts";
import { declarationsThatImport, reachedDeclarations } from "./declarations.ts";

/** They have no types to offer. */
const programs = ["cli"];

const root = join(import.meta.dirname, "../..");
const attwProgram = join(
  dirname(fileURLToPath(import.meta.resolve("@arethetypeswrong/cli/package.json"))),
  "dist/index.js",
);

/** Asks publint and "Are the types wrong?" about the packages as npm would publish them. Gives what is wrong. */
export async function checkPackages(tarballs: readonly Tarball[]): Promise<string> {
  const findings = await Promise.all(
    tarballs.map(async ({ folder: name, path }) => {
      const types = programs.includes(name) ? Promise.resolve([]) : attw(path);
      const checks = [publintMessages(path), types, missingTexts(path), missingDeclarations(name, path)];
      const found = (await Promise.all(checks)).flat();
      return found.length === 0 ? [] : [`${name}:`, ...found];
    }),
  );
  const withZod = await Promise.all(
    ["index.d.ts", "adapter.d.ts", "content/index.d.ts"].map((entry) =>
      declarationsThatImport("zod", join(root, "packages/core/dist", entry)),
    ),
  );
  const shown = withZod.flat().map((file) => `core's declarations show types of zod: ${file}`);
  return [...findings.flat(), ...shown].join("\n");
}

async function publintMessages(tarball: string): Promise<string[]> {
  const { buffer } = new Uint8Array(await readFile(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  return messages.map((message) => `  publint ${message.type}: ${formatMessage(message, pkg, { color: false })}`);
}

/** npm adds both by itself, where they exist. */
async function missingTexts(tarball: string): Promise<string[]> {
  const files = await filesIn(tarball);
  return ["README.md", "LICENSE"].filter((text) => !files.has(text)).map((text) => `  has no ${text}`);
}

/** What an entry's types reach has to be packed: a compiler takes what is missing for `any`. */
async function missingDeclarations(name: string, tarball: string): Promise<string[]> {
  const files = await filesIn(tarball);
  const folder = join(root, "packages", name);
  const { exports = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    exports?: Readonly<Record<string, string | { readonly types?: string }>>;
  };
  const entries = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? [] : (entry.types ?? [])));
  const reached = await Promise.all(entries.map((entry) => reachedDeclarations(join(folder, entry))));
  const paths = new Set(reached.flat().map(({ file }) => relative(folder, file)));
  return [...paths].filter((path) => !files.has(path)).map((path) => `  has no ${path}`);
}

async function filesIn(tarball: string): Promise<ReadonlySet<string>> {
  const { stdout } = await runProcess("tar", ["-tzf", tarball], { cwd: root });
  return new Set(stdout.split("\n").map((path) => path.replace(/^package\//, "")));
}

async function attw(tarball: string): Promise<string[]> {
  const options = "--profile esm-only --format ascii --no-summary --no-color --no-emoji --no-definitely-typed".split(
    " ",
  );
  const { code, stdout, stderr } = await runProcess(process.execPath, [attwProgram, tarball, ...options], {
    cwd: root,
  });
  return code === 0 ? [] : [`  attw:\n${stdout}${stderr}`];
}
