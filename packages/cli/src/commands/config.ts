import { exitCode } from "@message-sender/server/process";
import { describeSettings, type Settings, settingTexts } from "@message-sender/server/settings";

import { printJson } from "../print.ts";

/** Prints the settings, secrets masked. */
export function config(settings: Settings, { json }: { readonly json: boolean }): number {
  if (json) printJson(settingTexts(settings));
  else process.stdout.write(`${describeSettings(settings)}\n`);
  return exitCode.ok;
}
