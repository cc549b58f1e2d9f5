import { readFile } from "node:fs/promises";

import { Secret } from "@message-sender/core";
import {
  readSettings,
  serverOptionsOf,
  type SettingDescription,
  settingDescriptions,
  settingTexts,
} from "@message-sender/server/settings";
import { describe, expect, it } from "vitest";

import { configurationPage, configurationPath } from "./configuration-page.ts";

type Variables = Readonly<Record<string, string | undefined>>;

const secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
/** What some settings need beside them. */
const companions: Variables = {
  API_KEYS_FILE: "keys.json",
  WHATSAPP_APP_SECRET: "app-secret",
  WHATSAPP_VERIFY_TOKEN: "verify",
  HTTPS_PROXY: "proxy.internal:3128",
  WEBHOOK_FORWARD_URL: "https://crm.example.com",
  STATUS_CALLBACK_URL: "https://crm.example.com",
  CALLBACK_SECRET: secret,
};
const described: readonly (readonly [string, SettingDescription])[] = Object.entries(settingDescriptions);
const examples = described.flatMap(([name, { example }]) => (example === undefined ? [] : [[name, example] as const]));
const options = described.flatMap(([name, { example, options: ofSetting = [] }]) =>
  ofSetting.map((option) => [name, option, example] as const),
);

/** The value of an option such as `retry.jitter` by settings. Secrets are shown. */
function optionAt(option: string, variables: Variables): unknown {
  const all: unknown = serverOptionsOf(readSettings(variables)._unsafeUnwrap());
  return revealed(option.split(".").reduce((at, step) => (at as Record<string, unknown> | undefined)?.[step], all));
}

function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  return value instanceof Secret ? value.reveal() : value;
}

describe("docs/configuration.md", () => {
  it("is what the settings say; else run node --conditions=@message-sender/source tools/configuration-page/configuration-page.ts", async () => {
    expect(await readFile(configurationPath, "utf8")).toBe(configurationPage());
  });

  it("describes each setting of the schema, and no other", () => {
    const names = Object.keys(settingTexts(readSettings({})._unsafeUnwrap()));
    expect(Object.keys(settingDescriptions).toSorted()).toEqual(names.toSorted());
  });

  it.each(examples)("shows an example of %s that is accepted, and is not the default: %s", (name, example) => {
    expect(readSettings({ ...companions, [name]: example }).isOk()).toBe(true);
    expect(settingTexts(readSettings({})._unsafeUnwrap())[name]).not.toBe(example);
  });

  it.each(options.filter(([, option]) => option !== "logger"))("%s sets the option %s", (name, option, example) => {
    const set = optionAt(option, { ...companions, [name]: example });
    expect(set).toBeDefined();
    expect(set).not.toEqual(optionAt(option, companions));
  });

  it("shows examples of every setting that may be set", () => {
    const without = described.map(([name]) => name).filter((name) => !examples.some(([other]) => other === name));
    expect(without).toEqual(["FAILPOINTS"]);
  });
});
