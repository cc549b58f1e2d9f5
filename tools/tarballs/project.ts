import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { runProcess } from "./run-process.ts";
import type { Tarball } from "./pack.ts";

interface LockEntry {
  readonly link?: boolean;
  readonly version?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** What a user installs beside our packages, each in the version that the repository has. */
const others = ["@types/node", "msw", "neverthrow", "typescript", "vitest"];

/**
 * Makes an empty project outside the workspace and installs the tarballs in it. Third-party packages come in the versions
 * of the repository's lock file, so that a release of theirs cannot fail the check, and npm has them in its cache.
 */
export async function createProject(root: string, folder: string, tarballs: readonly Tarball[]): Promise<void> {
  const packages = await thirdPartyPackages(root, others);
  const versionOf = (name: string) => packages[`node_modules/${name}`]?.version ?? "*";
  const project = {
    private: true,
    type: "module",
    dependencies: Object.fromEntries(tarballs.map((tarball) => [`@message-sender/${tarball.folder}`, tarball.path])),
    devDependencies: Object.fromEntries(others.map((name) => [name, versionOf(name)])),
  };
  await writeProject(folder, project, packages);

  const options = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { code, stdout, stderr } = await runProcess("npm", ["install", ...options], { cwd: folder });
  if (code !== 0) throw new Error(`The tarballs could not be installed.\n${stdout}${stderr}`);
}

/** Makes a project with nothing in it but the versions of what our packages and `others` depend on. */
export async function createEmptyProject(root: string, folder: string, others: readonly string[] = []): Promise<void> {
  await writeProject(folder, { private: true }, await thirdPartyPackages(root, others));
}

async function writeProject(folder: string, project: object, packages: Record<string, LockEntry>): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeJson(join(folder, "package.json"), project);
  const lock = { lockfileVersion: 3, requires: true, packages: { "": project, ...packages } };
  await writeJson(join(folder, "package-lock.json"), lock);
}

/**
 * The entries of the repository's lock file for what our packages and `others` depend on. The rest, two thirds of it, would only cost
 * npm time. npm would leave out those that are marked `dev`.
 */
async function thirdPartyPackages(root: string, others: readonly string[]): Promise<Record<string, LockEntry>> {
  const { packages } = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockEntry>;
  };
  const entries = Object.entries(packages);
  const ours = entries.filter(([path]) => path.startsWith("packages/")).flatMap(([, entry]) => dependenciesOf(entry));
  const needed = new Set([...ours, ...others]);
  // The iteration of a set includes what is added meanwhile.
  for (const name of needed) {
    for (const [path, entry] of entries) {
      if (nameOf(path) === name && entry.link !== true) for (const one of dependenciesOf(entry)) needed.add(one);
    }
  }
  const installed = entries.filter(
    ([path, { link }]) => path.startsWith("node_modules/") && link !== true && needed.has(nameOf(path)),
  );
  return Object.fromEntries(installed.map(([path, { dev: _, ...entry }]) => [path, entry]));
}

/** `@scope/name` of `node_modules/other/node_modules/@scope/name`. */
function nameOf(path: string): string {
  return path.split("node_modules/").at(-1) ?? "";
}

function dependenciesOf(entry: LockEntry): readonly string[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = entry;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
