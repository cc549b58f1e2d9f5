import { printable } from "../log/printable.ts";
import { describeDatabaseUrl } from "../store/database-url.ts";
import { environment, type Settings } from "../settings/environment.ts";

/** The settings as text, one per line, with secrets masked. */
export function describeSettings(settings: Settings): string {
  const names = Object.keys(environment.shape) as (keyof Settings)[];
  return names.map((name) => printable(`${name}=${textOf(name, settings)}`)).join("\n");
}

function textOf(name: keyof Settings, settings: Settings): string {
  if (name === "DATABASE_URL") return describeDatabaseUrl(settings.DATABASE_URL);
  const value = settings[name];
  return value === undefined ? "" : Array.isArray(value) ? value.join(",") : String(value);
}
