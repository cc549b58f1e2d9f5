import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface ProgramFile {
  /** Relative to the folder of the program, such as `main.js`. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

export async function writeFiles(folder: string, files: readonly ProgramFile[]): Promise<void> {
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
