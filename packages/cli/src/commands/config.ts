import { exitCode } from "@message-sender/server/process";
import { describeSettings, explainSettings, type Settings, settingTexts } from "@message-sender/server/settings";

import { printJson } from "../print.ts";

export interface ConfigOptions {
  readonly json: boolean;
  /** Says what each setting is for. */
  readonly describe?: true;
}

/** Prints the settings, secrets masked. */
export function config(settings: Settings, { json, describe }: ConfigOptions): number {
  if (json) printJson(settingTexts(settings));
  else process.stdout.write(`${describe ? explainSettings(settings) : describeSettings(settings)}\n`);
  return exitCode.ok;
}
