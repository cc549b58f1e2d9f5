import { printable } from "../printable.ts";
import { describeDatabaseUrl } from "../store/database-url.ts";
import { environment, type Settings } from "./environment.ts";
import { settingDescriptions } from "./setting-descriptions.ts";

/** The settings as text, one per line, with secrets masked. */
export function describeSettings(settings: Settings): string {
  return Object.entries(settingTexts(settings)).map(lineOf).join("\n");
}

/** The same in the order of their purposes, each with a comment that says what it is for. */
export function explainSettings(settings: Settings): string {
  const texts = settingTexts(settings);
  return Object.entries(settingDescriptions)
    .map(([name, { about }]) => `# ${withoutLinks(about)}\n${lineOf([name, texts[name] ?? null])}`)
    .join("\n\n");
}

function lineOf([name, text]: readonly [string, string | null]): string {
  return printable(`${name}=${text ?? ""}`);
}

/** Markdown whose links are their words. */
function withoutLinks(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
}

/** Each setting as a variable has it, with secrets masked. Null if it is not set. */
export function settingTexts(settings: Settings): Readonly<Record<string, string | null>> {
  const names = Object.keys(environment.shape) as (keyof Settings)[];
  return Object.fromEntries(names.map((name) => [name, textOf(name, settings)]));
}

/** The query may hold a token of the receiver. */
function withoutQuery(url: string | undefined): string | undefined {
  return url?.replace(/\?.*$/s, "?[redacted]");
}

function textOf(name: keyof Settings, settings: Settings): string | null {
  if (name === "DATABASE_URL") return describeDatabaseUrl(settings.DATABASE_URL);
  const value = name === "STATUS_CALLBACK_URL" ? withoutQuery(settings[name]) : settings[name];
  return value === undefined ? null : Array.isArray(value) ? value.join(",") : String(value);
}
