import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Runs a script of the shell until its first command that fails, and gives what it prints on standard output. */
export async function runShell(
  script: string,
  environment: Readonly<Record<string, string | undefined>> = {},
  cwd?: string,
): Promise<string> {
  const env = { PATH: process.env["PATH"], ...environment };
  const { stdout } = await promisify(execFile)("sh", ["-ec", script], { env, ...(cwd !== undefined && { cwd }) });
  return stdout;
}
