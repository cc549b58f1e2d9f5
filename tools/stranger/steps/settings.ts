import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { shownLine } from "../documents.ts";
import { expected } from "../expect.ts";
import { run, type Terminal } from "../shell.ts";

/** Writes `.env` and `tenants.yaml` as the README says. */
export async function init(terminal: Terminal): Promise<void> {
  const printed = await run(await shownLine("README.md", "message-sender init"), terminal);
  const next = printed.split("\n").filter((line) => line.startsWith("  "));
  expected(
    "init says how to go on, with npx as it was called",
    next.length > 2 && next.every((line) => line.startsWith("  npx ")),
    printed,
  );
  for (const name of [".env", "tenants.yaml"]) {
    const { mode } = await stat(join(terminal.folder, name));
    expected(`init writes ${name}, which only its owner can read`, (mode & 0o777) === 0o600, mode.toString(8));
  }
}

/** Makes the first key as the README says. */
export async function createFirstKey(terminal: Terminal): Promise<string> {
  return keyOf(await run(await shownLine("README.md", "message-sender keys create"), terminal));
}

/** Makes a key for an operator: the scopes are those that docs/access.md names for what an operator does. */
export async function createOperatorKey(terminal: Terminal): Promise<string> {
  return keyOf(await run(await shownLine("docs/access.md", '--name "Operator"'), terminal));
}

/** Makes a key for Prometheus, in the file that the command names. Gives the name of the file. */
export async function createMetricsKey(terminal: Terminal): Promise<string> {
  const command = await shownLine("docs/access.md", '--name "Prometheus"');
  await run(command, terminal);
  const [, file = ""] = / > (\S+)$/.exec(command) ?? [];
  keyOf(await readFile(join(terminal.folder, file), "utf8"));
  return file;
}

function keyOf(printed: string): string {
  expected("keys create prints the key, alone", /^msk_\w{49}\n$/.test(printed), printed);
  return printed.trim();
}

/** Sets a line of `.env`: in place of the commented one that `init` wrote, or else at the end. */
export async function set(terminal: Terminal, name: string, value: string): Promise<void> {
  const path = join(terminal.folder, ".env");
  const text = await readFile(path, "utf8");
  const line = new RegExp(`^#?${name}=.*$`, "m");
  await writeFile(path, line.test(text) ? text.replace(line, `${name}=${value}`) : `${text}${name}=${value}\n`);
  await chmod(path, 0o600);
}

/** Uses the value that `init` made for this server. Gives it. */
export async function uncomment(terminal: Terminal, name: string): Promise<string> {
  const text = await readFile(join(terminal.folder, ".env"), "utf8");
  const [, value = ""] = new RegExp(`^#${name}=(.+)$`, "m").exec(text) ?? [];
  expected(`init writes a line #${name}= with a value made for this server`, value.length >= 32, text);
  await set(terminal, name, value);
  return value;
}
