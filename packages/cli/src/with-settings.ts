import {
  exitCode,
  readSettings,
  type ReadSettingsOptions,
  type Settings,
  type Variables,
} from "@message-sender/server/process";

import { printProblem } from "./print.ts";

/** Runs a command with the settings of the environment, and with its variables as they were given, and returns its exit code. Prints what is wrong with invalid settings. */
export async function withSettings(
  run: (settings: Settings, given: Variables) => number | Promise<number>,
  options?: ReadSettingsOptions,
): Promise<number> {
  const settings = readSettings(process.env, options);
  if (settings.isOk()) return run(settings.value, process.env);
  for (const { variable, detail } of settings.error) printProblem(`${variable} ${detail}`);
  return exitCode.usage;
}
