import {
  type ApiKeyInfo,
  type ApiKeysFileInvalid,
  createKey,
  listKeys,
  type NewApiKey,
  revokeKey,
} from "@message-sender/http-adapter/api-keys";
import { exitCode } from "@message-sender/server/process";
import type { Settings } from "@message-sender/server/settings";
import { table } from "../table.ts";
import { printJson, printLine, printProblem } from "../print.ts";

interface Output {
  readonly json: boolean;
}

/** Creates an API key and prints it: nothing else can show it again. Only the key goes to standard output. */
export function createApiKey(settings: Settings, key: NewApiKey, { json }: Output): Promise<number> {
  return withFile(settings, async (path) => {
    const created = await createKey(path, key);
    if (created.isErr()) return failed(created.error);
    if (json) printJson(created.value);
    else {
      printLine(created.value.key);
      printProblem(
        `Created ${created.value.id} (${key.name}) in ${path}. The key is shown only now: store it as a secret.`,
      );
    }
    return exitCode.ok;
  });
}

/** Prints the API keys, without the keys themselves. */
export function listApiKeys(settings: Settings, { json }: Output): Promise<number> {
  return withFile(settings, async (path) => {
    const keys = await listKeys(path);
    if (keys.isErr()) return failed(keys.error);
    if (json) printJson({ keys: keys.value.map(jsonOf) });
    else for (const line of table(keys.value.map(rowOf))) printLine(line);
    return exitCode.ok;
  });
}

/** Removes an API key. Running servers refuse it within a second. */
export function revokeApiKey(settings: Settings, id: string, { json }: Output): Promise<number> {
  return withFile(settings, async (path) => {
    const revoked = await revokeKey(path, id);
    if (revoked.isErr()) return failed(revoked.error);
    if (!revoked.value) {
      printProblem(`${path} has no key with the id ${id}: message-sender keys list shows the ids`);
      return exitCode.failed;
    }
    if (json) printJson({ id, revoked: true });
    else printLine(`Revoked ${id}. Running servers refuse it within a second.`);
    return exitCode.ok;
  });
}

async function withFile({ API_KEYS_FILE: path }: Settings, run: (path: string) => Promise<number>): Promise<number> {
  if (path !== undefined) return run(path);
  printProblem("API_KEYS_FILE must be set: it names the file of API keys that the server reads");
  return exitCode.usage;
}

function failed({ reason }: ApiKeysFileInvalid): number {
  printProblem(`API_KEYS_FILE: ${reason}`);
  return exitCode.failed;
}

function jsonOf({ id, name, beginsWith, tenants, scopes, createdAt, expiresAt, lastUsedAt, rateLimit }: ApiKeyInfo) {
  return {
    id,
    name,
    begins_with: beginsWith,
    tenants,
    scopes,
    rate_limit: rateLimit ? { requests_per_second: rateLimit.requestsPerSecond, burst: rateLimit.burst } : null,
    created_at: createdAt,
    expires_at: expiresAt ?? null,
    last_used_at: lastUsedAt ?? null,
  };
}

function rowOf({ id, name, beginsWith, tenants, scopes, expiresAt, lastUsedAt }: ApiKeyInfo) {
  return {
    id,
    key: `${beginsWith}…`,
    name,
    tenants: tenants === "all" ? "all" : tenants.join(","),
    scopes: scopes.join(","),
    expires: expiresAt?.toISOString() ?? "never",
    "last used": lastUsedAt?.toISOString() ?? "never",
  };
}
