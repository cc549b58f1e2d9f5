/** Packs the packages as npm would publish them, and asks publint and "Are the types wrong?" about what came out. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { declarationsThatImport } from "./declarations.ts";

const libraries = ["core", "http-adapter", "emulator", "sqlite-adapter", "postgres-adapter", "server"];
const programs = ["cli"];

const root = join(import.meta.dirname, "../..");
const attwProgram = join(
  dirname(fileURLToPath(import.meta.resolve("@arethetypeswrong/cli/package.json"))),
  "dist/index.js",
);

const folder = await mkdtemp(join(tmpdir(), "message-sender-packages-"));
try {
  const packages = await pack([...libraries, ...programs]);
  const findings = await Promise.all(
    packages.map(async ({ name, tarball }) => {
      // A program has no types to offer.
      const types = libraries.includes(name) ? attw(tarball) : [];
      return { name, found: (await Promise.all([publintMessages(tarball), types])).flat() };
    }),
  );
  for (const { name, found } of findings) {
    console.log([`${name}: ${found.length === 0 ? "good" : "bad"}`, ...found].join("\n"));
  }
  const withZod = (
    await Promise.all(
      ["index.d.ts", "content/index.d.ts"].map((entry) =>
        declarationsThatImport("zod", join(root, "packages/core/dist", entry)),
      ),
    )
  ).flat();
  for (const file of withZod) console.log(`core's declarations show types of zod: ${file}`);
  if (withZod.length > 0 || findings.some(({ found }) => found.length > 0)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}

async function pack(names: readonly string[]): Promise<{ name: string; tarball: string }[]> {
  const workspaces = names.flatMap((name) => ["--workspace", `packages/${name}`]);
  const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...workspaces]);
  if (packed.code !== 0) throw new Error(`npm pack failed.\n${packed.output}`);
  return names.map((name) => ({ name, tarball: join(folder, tarballOf(name, packed.output)) }));
}

function tarballOf(name: string, npmOutput: string): string {
  const filename = new RegExp(`message-sender-${name}-[^"/]*\\.tgz`).exec(npmOutput)?.[0];
  if (!filename) throw new Error(`npm pack gave nothing for ${name}.\n${npmOutput}`);
  return filename;
}

async function publintMessages(tarball: string): Promise<string[]> {
  const { buffer } = new Uint8Array(await readFile(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
  return messages.map((message) => `  publint ${message.type}: ${formatMessage(message, pkg, { color: false })}`);
}

async function attw(tarball: string): Promise<string[]> {
  const options = "--profile esm-only --format ascii --no-summary --no-color --no-emoji --no-definitely-typed".split(
    " ",
  );
  const { code, output } = await run(process.execPath, [attwProgram, tarball, ...options]);
  return code === 0 ? [] : [`  attw:\n${output}`];
}

function run(program: string, options: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, options, { cwd: root, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (child.exitCode === null) reject(error ?? new Error(`${program} was ended by a signal.`));
      else resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
}
