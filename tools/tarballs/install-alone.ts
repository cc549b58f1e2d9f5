import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Tarball } from "./pack.ts";
import { createEmptyProject } from "./project.ts";
import { runProcess } from "./run-process.ts";

interface Package {
  /** The package's folder under `packages`. */
  readonly name: string;
  /** What it may take on the disk, in blocks of 4 KiB. */
  readonly mostBytes: number;
}

/** Installs a package of ours in an empty project, with what it depends on. Returns what is wrong. */
export async function installAlone(
  { name, mostBytes }: Package,
  root: string,
  folder: string,
  tarballs: readonly Tarball[],
): Promise<string> {
  await createEmptyProject(root, folder);
  const own = await withOwnDependencies(root, name);
  const paths = tarballs.filter((tarball) => own.includes(tarball.folder)).map(({ path }) => path);
  const install = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", ...paths];
  const { code, stdout, stderr } = await runProcess("npm", install, { cwd: folder });
  if (code !== 0) return `It could not be installed.\n${stdout}${stderr}`;
  const bytes = await bytesOnDisk(join(folder, "node_modules"));
  console.log(`         it takes ${(bytes / 1e6).toFixed(1)} MB`);
  return bytes > mostBytes ? `It takes ${bytes} bytes on the disk; ${mostBytes} are allowed.` : "";
}

/** The folders of the package and of those of ours that it depends on. */
async function withOwnDependencies(root: string, folder: string): Promise<readonly string[]> {
  const text = await readFile(join(root, "packages", folder, "package.json"), "utf8");
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
  const own = Object.keys(dependencies).flatMap((name) => /^@message-sender\/(.+)$/.exec(name)?.[1] ?? []);
  return [folder, ...(await Promise.all(own.map((one) => withOwnDependencies(root, one)))).flat()];
}

async function bytesOnDisk(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    if (!entry.isFile()) return entry.isDirectory() ? 4096 : 0;
    const { size } = await stat(join(entry.parentPath, entry.name));
    return Math.ceil(size / 4096) * 4096;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
