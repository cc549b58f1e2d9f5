import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { runProcess } from "./run-process.ts";

/** Three numbers, such as `22.19.0`. */
export type Version = string;

/** The lowest Node that each package's `engines` names, by the package's name. */
export async function lowestNodes(root: string, folders: readonly string[]): Promise<ReadonlyMap<string, Version>> {
  const packages = await Promise.all(
    folders.map(async (folder) => {
      const text = await readFile(join(root, "packages", folder, "package.json"), "utf8");
      const { name, engines } = JSON.parse(text) as { name: string; engines: { node: string } };
      return [name, lowestOf(engines.node)] as const;
    }),
  );
  return new Map(packages);
}

/** The higher of two versions. */
export function higher(one: Version, other: Version): Version {
  return one.localeCompare(other, "en", { numeric: true }) < 0 ? other : one;
}

/** The Node binary of a version, from npm's package for this platform. It is kept in `cache`. */
export async function nodeBinary(version: Version, cache: string): Promise<string> {
  if (version === process.versions.node) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const folder = join(cache, `node-${version}`);
  const binary = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (await says(binary, version)) return binary;

  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  const options = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const { code, stdout, stderr } = await runProcess("npm", ["install", ...options, `${name}@${version}`], {
    cwd: folder,
  });
  if (code !== 0 || !(await says(binary, version))) {
    throw new Error(`Node ${version} could not be installed.\n${stdout}${stderr}`);
  }
  return binary;
}

function lowestOf(range: string): Version {
  const [, numbers] = /^>=(\d+(?:\.\d+){0,2})$/.exec(range) ?? [];
  if (numbers === undefined) throw new Error(`engines.node must be >= one version, and is ${range}`);
  const [major, minor = "0", patch = "0"] = numbers.split(".");
  return `${major}.${minor}.${patch}`;
}

function says(binary: string, version: Version): Promise<boolean> {
  return runProcess(binary, ["--version"], { cwd: "." }).then(
    ({ stdout }) => stdout.trim() === `v${version}`,
    () => false,
  );
}
