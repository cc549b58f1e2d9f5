import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { runProcess } from "./run-process.ts";

export interface Tarball {
  /** The package's folder under `packages`. */
  readonly folder: string;
  readonly path: string;
}

/** Packs every package into `destination`, as npm would publish it. The packages must be built. */
export async function packAll(root: string, destination: string): Promise<readonly Tarball[]> {
  const folders = (await readdir(join(root, "packages"))).toSorted();
  const workspaces = folders.flatMap((folder) => ["--workspace", `packages/${folder}`]);
  const parameters = ["pack", "--json", "--ignore-scripts", "--pack-destination", destination, ...workspaces];
  const { code, stdout, stderr } = await runProcess("npm", parameters, { cwd: root });
  if (code !== 0) throw new Error(`npm pack failed.\n${stdout}${stderr}`);
  const files = await readdir(destination);
  return folders.map((folder) => {
    const file = files.find((name) => new RegExp(`^message-sender-${folder}-\\d.*\\.tgz$`).test(name));
    if (file === undefined) throw new Error(`npm pack made no tarball of packages/${folder}.\n${stdout}`);
    return { folder, path: join(destination, file) };
  });
}
