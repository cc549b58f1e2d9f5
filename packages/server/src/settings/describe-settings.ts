import { printable } from "../printable.ts";
import { describeDatabaseUrl } from "../store/database-url.ts";
import { environment, type Settings } from "./environment.ts";

/** The settings as text, one per line, with secrets masked. */
export function describeSettings(settings: Settings): string {
  const texts = Object.entries(settingTexts(settings));
  return texts.map(([name, text]) => printable(`${name}=${text ?? ""}`)).join("\n");
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
