import { bareEnvironment, quickProgram } from "./serve-process.ts";
import { runShell } from "./shell.ts";

/** A function for the shell: `npx message-sender` runs our sources, as it runs the installed command for a user. */
export const npx = `npx() { shift; "${process.execPath}" ${quickProgram().join(" ")} "$@"; }`;

/** Runs a script as `runShell` does, with that function and with none of the tests' own settings. */
export function runWithNpx(
  script: string,
  environment: Readonly<Record<string, string | undefined>>,
  cwd?: string,
): Promise<string> {
  return runShell(`${npx}\n${script}`, { ...bareEnvironment, ...environment }, cwd);
}
