import { isIdentifier } from "@message-sender/core/values";
import type { NewApiKey } from "@message-sender/http-adapter/api-keys";
import { type Scope, scopes } from "@message-sender/http-adapter/values";
import { type Command, InvalidArgumentError } from "commander";

import { countUpTo } from "../count-of.ts";
import { runWithSettings } from "../with-settings.ts";

/** `message-sender keys`, which needs no server: it changes the file that servers watch. */
export function addKeys(program: Command): void {
  const keys = program.command("keys").description("manage the API keys in API_KEYS_FILE");
  keys
    .command("create")
    .description("create a key and print it; it cannot be shown again")
    .usage("--name <text> (--tenant <ids> | --all-tenants) --scope <scopes> [options]")
    .requiredOption("--name <text>", "who uses the key", nameOf)
    .option("--tenant <ids>", "the tenants that it is for, comma-separated", tenantsOf)
    .option("--all-tenants", "for every tenant")
    .requiredOption("--scope <scopes>", `what it may do, comma-separated: ${scopes.join(", ")}`, scopesOf)
    .option(
      "--expires <time>",
      "when it expires: a duration such as 90d or 12h, or a date such as 2027-01-31",
      expiryOf,
    )
    .option(
      "--rate <number>",
      "requests per second, on average (default: 600,000 in each minute)",
      countUpTo(1_000_000),
    )
    .option("--burst <number>", "requests in one burst (default: those of one second at --rate)", countUpTo(1_000_000))
    .option("--json", "print the id and the key as JSON", false)
    .action((options: CreateOptions, command: Command) => {
      const { tenant, allTenants, rate, burst } = options;
      if ((tenant === undefined) === (allTenants === undefined)) {
        command.error("error: give either --tenant or --all-tenants");
      }
      if (burst !== undefined && rate === undefined) command.error("error: --burst needs --rate");
      return runWithSettings(async (settings) =>
        (await import("../commands/keys.ts")).createApiKey(settings, newKeyOf(options), options),
      );
    });
  keys
    .command("list")
    .description("show the keys, without the keys themselves, and when each was last used")
    .option("--json", "print them as JSON", false)
    .action((options: { json: boolean }) =>
      runWithSettings(async (settings) => (await import("../commands/keys.ts")).listApiKeys(settings, options)),
    );
  keys
    .command("revoke")
    .description("remove a key: running servers refuse it within a second")
    .argument("<id>", "its id, as list shows it")
    .option("--json", "print the id as JSON", false)
    .action((id: string, options: { json: boolean }) =>
      runWithSettings(async (settings) => (await import("../commands/keys.ts")).revokeApiKey(settings, id, options)),
    );
}

interface CreateOptions {
  readonly name: string;
  readonly tenant?: readonly string[];
  readonly allTenants?: true;
  readonly scope: readonly Scope[];
  readonly expires?: Date;
  readonly rate?: number;
  readonly burst?: number;
  readonly json: boolean;
}

function newKeyOf({ name, tenant = [], allTenants, scope, expires, rate, burst = rate }: CreateOptions): NewApiKey {
  return {
    name,
    tenants: allTenants ? "all" : tenant,
    scopes: scope,
    ...(expires && { expiresAt: expires }),
    ...(rate !== undefined && burst !== undefined && { rateLimit: { requestsPerSecond: rate, burst } }),
  };
}

function nameOf(text: string): string {
  if (/^(?=.*\S).{1,100}$/u.test(text)) return text;
  throw new InvalidArgumentError("must have 1 to 100 characters");
}

/** An option that is given more than once adds to the list. */
function listOf(text: string, before: readonly string[] = []): readonly string[] {
  return [...new Set([...before, ...text.split(",").map((part) => part.trim())])];
}

function tenantsOf(text: string, before?: readonly string[]): readonly string[] {
  const tenants = listOf(text, before);
  if (tenants.every(isIdentifier)) return tenants;
  throw new InvalidArgumentError("must be ids of 1 to 128 URL-safe characters");
}

function scopesOf(text: string, before?: readonly string[]): readonly Scope[] {
  const given = listOf(text, before);
  const known = scopes.filter((scope) => given.includes(scope));
  if (known.length === given.length) return known;
  throw new InvalidArgumentError(`must be some of ${scopes.join(", ")}`);
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

function expiryOf(text: string): Date {
  const [, count, unit] = /^([0-9]{1,6})([smhdw])$/.exec(text) ?? [];
  const isTime =
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text) && isDay(text);
  const at = unit ? Date.now() + Number(count) * unitMs[unit as keyof typeof unitMs] : isTime ? Date.parse(text) : NaN;
  if (at > Date.now()) return new Date(at);
  throw new InvalidArgumentError(
    "must be in the future: a duration such as 90d or 12h, a date such as 2027-01-31 (it begins in UTC), or a time such as 2027-01-31T12:00:00Z",
  );
}

/** Whether the day exists: `Date` takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const day = text.slice(0, "2027-01-31".length);
  return new Date(Date.parse(day)).toJSON()?.startsWith(day) ?? false;
}
