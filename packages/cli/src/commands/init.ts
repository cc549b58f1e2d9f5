import { existsSync } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";

import { openTenantsFile } from "@message-sender/http-adapter/outbound";
import { exitCode } from "@message-sender/server/process";
import { readSettings } from "@message-sender/server/settings";

import { parseEnvFile } from "../env-file.ts";
import { printJson, printLine, printProblem } from "../print.ts";
import { type StarterFile, starterFiles } from "../starter-files.ts";
import { commandPrefix } from "../with-settings.ts";

/** Writes what a new server starts from into a folder, and checks it as the server will. Existing files are never replaced. */
export async function init(folder: string, { json }: { readonly json: boolean }): Promise<number> {
  const files = starterFiles();
  const taken = files.map(({ name }) => join(folder, name)).find((path) => existsSync(path));
  const problem =
    taken === undefined ? await writeAndCheck(folder, files) : `${taken} exists already: nothing was written`;
  if (problem !== undefined) {
    printProblem(problem);
    return exitCode.failed;
  }
  if (json) printJson({ folder, files: files.map(({ name }) => name), next });
  else for (const line of summary(folder, files)) printLine(line);
  return exitCode.ok;
}

/** What went wrong, after which nothing is left behind. */
async function writeAndCheck(folder: string, files: readonly StarterFile[]): Promise<string | undefined> {
  const written: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text, isSecret } of files) {
      const path = join(folder, name);
      await using file = await open(path, "wx", isSecret ? 0o600 : 0o644);
      written.push(path);
      await file.writeFile(text);
    }
    await check(folder, files);
    return undefined;
  } catch (error) {
    for (const path of written) await rm(path, { force: true });
    return `nothing was written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Reads the files with the parsers of the server. */
async function check(folder: string, files: readonly StarterFile[]): Promise<void> {
  const text = files.find(({ name }) => name === ".env")?.text ?? "";
  const settings = parseEnvFile(Buffer.from(text)).andThen((variables) =>
    readSettings(variables).mapErr(([first]) => `${first?.variable} ${first?.detail}`),
  );
  if (settings.isErr()) throw new Error(`.env ${settings.error}`);
  const tenants = await openTenantsFile(join(folder, settings.value.TENANTS_FILE ?? ""));
  if (tenants.isErr()) throw new Error(tenants.error.reason);
  await tenants.value.close();
}

const next = [
  "message-sender keys create --name first --all-tenants --scope send,read,console",
  "message-sender doctor",
  "message-sender serve",
];

/** A word for a POSIX shell. `cd` would read a hyphen at its start as an option. */
function quoted(folder: string): string {
  const path = folder.startsWith("-") ? `./${folder}` : folder;
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function summary(folder: string, files: readonly StarterFile[]): readonly string[] {
  const prefix = commandPrefix();
  return [
    ...files.map(({ name }) => `wrote ${join(folder, name)}`),
    "",
    "Put your access token and phone number id into tenants.yaml. Then:",
    ...(folder === "." ? [] : [`  cd ${quoted(folder)}`]),
    ...next.map((command) => `  ${prefix}${command}`),
    "",
    `To try it without an account: ${prefix}message-sender serve --sandbox`,
  ];
}
