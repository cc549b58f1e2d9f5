import { spawn } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Tarball } from "./pack.ts";
import { createEmptyProject } from "./project.ts";
import { runProcess } from "./run-process.ts";

/** What it may take on the disk, in blocks of 4 KiB. It took 8.2 MB. */
const mostBytes = 10_000_000;

const sampleCustomer = "Ana Wijaya";

/** Installs the emulator in an empty project, and starts it as its README says. Returns what is wrong. */
export async function emulatorAlone(root: string, folder: string, tarballs: readonly Tarball[]): Promise<string> {
  await createEmptyProject(root, folder);
  const own = await withOwnDependencies(root, "emulator");
  const paths = tarballs.filter((tarball) => own.includes(tarball.folder)).map(({ path }) => path);
  const install = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", ...paths];
  const { code, stdout, stderr } = await runProcess("npm", install, { cwd: folder });
  if (code !== 0) return `It could not be installed.\n${stdout}${stderr}`;
  const bytes = await bytesOnDisk(join(folder, "node_modules"));
  console.log(`         it takes ${(bytes / 1e6).toFixed(1)} MB`);
  if (bytes > mostBytes) return `It takes ${bytes} bytes on the disk; ${mostBytes} are allowed.`;
  return startWithSamples(folder);
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

async function startWithSamples(cwd: string): Promise<string> {
  const startedAt = performance.now();
  const child = spawn("npx", ["message-sender-emulator", "--port", "0", "--samples"], { cwd, detached: true });
  let printed = "";
  const url = await new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        printed += String(chunk);
        const [, found] = /emulated at (\S+)\n/.exec(printed) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    child.once("close", () => resolve(""));
  });
  try {
    if (url === "") return `It did not start.\n${printed}`;
    const page = await (await fetch(url, { headers: { accept: "text/html" } })).text();
    console.log(
      `         the first chat is on the page after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    );
    return page.includes(sampleCustomer) ? "" : `Its page shows no chat with ${sampleCustomer}.`;
  } finally {
    if (child.pid !== undefined && url !== "") process.kill(-child.pid, "SIGTERM");
  }
}
