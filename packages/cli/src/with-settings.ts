import { exitCode } from "@message-sender/server/process";
import type { ReadSettingsOptions, Settings, Variables } from "@message-sender/server/settings";
import type { Result } from "neverthrow";

import { envFileOf, loadEnvFile } from "./env-file.ts";
import { finish } from "./finish.ts";
import { printProblem } from "./print.ts";

/**
 * Runs a command with the settings of the environment, and with its variables as they were given. Its result is the exit code of the
 * process. Prints what is wrong with invalid settings.
 */
export function runWithSettings(run: Command, options?: ReadSettingsOptions): Promise<void> {
  return finish(codeOf(run, options));
}

type Command = (settings: Settings, given: Variables) => Promise<number>;

async function codeOf(run: Command, options: ReadSettingsOptions | undefined): Promise<number> {
  const { readSettings } = await import("@message-sender/server/settings");
  const settings = readSettings(process.env, options);
  if (settings.isOk()) return run(settings.value, process.env);
  for (const { variable, detail } of settings.error) printProblem(`${variable} ${detail}`);
  return exitCode.usage;
}

/** How the user calls a command. npx finds one that is installed in the project, and so not on the PATH. */
export function commandPrefix(): string {
  return process.env["npm_command"] === "exec" ? "npx " : "";
}

/** Adds to the environment what it lacks: the variables of the env file that is named by an option, by `ENV_FILE`, or by default. */
export function addEnvFile(option: string | undefined): Result<void, string> {
  return loadEnvFile(envFileOf(option, process.env), process.env);
}
