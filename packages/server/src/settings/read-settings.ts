import { err, ok, type Result } from "neverthrow";

import { storeKind } from "../store/database-url.ts";
import { environment, type Settings } from "./environment.ts";

/** An invalid variable. The error names the variable and says what is wrong, but never shows the value. */
export interface SettingError {
  readonly variable: string;
  readonly detail: string;
}

/** The variables of an environment, such as `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The options of `readSettings` and `optionsFromEnvironment`. */
export interface ReadSettingsOptions {
  /** With a sandbox, `DATABASE_URL` defaults to `memory:`, so that its messages do not mix with real ones. */
  readonly sandbox?: boolean;
}

/** An empty schedule means a single attempt. Any other empty variable counts as absent. */
const emptyHasMeaning = "RETRY_SCHEDULE_MS";

/** Names that other programs give to the same settings. Ours comes first. */
const otherNames = { HTTPS_PROXY: "https_proxy", NO_PROXY: "no_proxy" } as const;

/** Reads the settings. Whitespace around a value is ignored. */
export function readSettings(
  variables: Variables,
  { sandbox = false }: ReadSettingsOptions = {},
): Result<Settings, readonly SettingError[]> {
  const given = Object.entries(variables)
    .map(([name, value]) => [name, value?.trim()] as const)
    .filter(([name, value]) => value !== "" || name === emptyHasMeaning);
  const defaults = sandbox ? { DATABASE_URL: "memory:" } : {};
  const named = Object.fromEntries(given);
  const others = Object.entries(otherNames).flatMap(([name, other]) =>
    named[other] === undefined ? [] : [[name, named[other]] as const],
  );
  const parsed = environment.safeParse({ ...defaults, ...Object.fromEntries(others), ...named });
  if (!parsed.success) {
    return err(parsed.error.issues.map((issue) => ({ variable: String(issue.path[0]), detail: issue.message })));
  }
  const conflict = conflictIn(parsed.data, sandbox);
  return conflict ? err([conflict]) : ok(parsed.data);
}

/** The first conflict between settings that are each valid by themselves. */
function conflictIn(settings: Settings, sandbox: boolean): SettingError | undefined {
  if (settings.API_KEYS_FILE === undefined && !isLoopback(settings.HOST)) {
    return { variable: "HOST", detail: "must be a loopback address, unless API_KEYS_FILE is set: anybody could send" };
  }
  if (settings.PACE_SHARED === "on" && storeKind(settings.DATABASE_URL) !== "postgres") {
    return { variable: "PACE_SHARED", detail: "must be auto or off: only servers on one PostgreSQL share rates" };
  }
  if ((settings.WHATSAPP_APP_SECRET === undefined) !== (settings.WHATSAPP_VERIFY_TOKEN === undefined)) {
    return { variable: "WHATSAPP_APP_SECRET", detail: "and WHATSAPP_VERIFY_TOKEN must be set together" };
  }
  if (!sandbox && settings.TENANT_SERVICE_URL !== undefined && settings.TENANTS_FILE !== undefined) {
    return { variable: "TENANTS_FILE", detail: "and TENANT_SERVICE_URL are both set: unset one of them" };
  }
  if (settings.WEBHOOK_FORWARD_URL !== undefined && settings.CALLBACK_SECRET === undefined) {
    return { variable: "CALLBACK_SECRET", detail: "must be set: WEBHOOK_FORWARD_URL needs it to sign webhooks" };
  }
  if (settings.STATUS_CALLBACK_URL !== undefined && settings.CALLBACK_SECRET === undefined) {
    return { variable: "CALLBACK_SECRET", detail: "must be set: STATUS_CALLBACK_URL needs it to sign callbacks" };
  }
  return undefined;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.[0-9]{1,3}){3}$/.test(host);
}
