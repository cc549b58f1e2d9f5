import { listKeys } from "@message-sender/http-adapter/inbound";
import { openTenantsFile, readErrorRules } from "@message-sender/http-adapter/outbound";
import { exitCode, type Settings } from "@message-sender/server/process";
import { request } from "undici";

import { printJson, printLine } from "../print.ts";
import { type Check, checkStore } from "./doctor-store.ts";

const timeoutMs = 5000;

/** Checks what `serve` needs, apart from the settings, which have been read by now: the store, and whether each service can be reached. */
export async function doctor(settings: Settings, { json }: { readonly json: boolean }): Promise<number> {
  const checks = await Promise.all([
    check("settings", () => undefined),
    checkStore(settings),
    check(`WhatsApp at ${settings.GRAPH_API_URL}`, () => reach(settings.GRAPH_API_URL)),
    ...tenantChecks(settings),
    settings.CONVERSATION_SERVICE_URL === undefined
      ? check("no Conversation Service: sent messages are not reported to one", () => undefined)
      : check(`Conversation Service at ${settings.CONVERSATION_SERVICE_URL}`, () =>
          reach(settings.CONVERSATION_SERVICE_URL),
        ),
    ...(settings.API_KEYS_FILE === undefined ? [] : [checkKeys(settings.API_KEYS_FILE)]),
    ...(settings.ERROR_RULES_FILE === undefined
      ? []
      : [check("ERROR_RULES_FILE", () => checkRules(settings.ERROR_RULES_FILE))]),
    ...(settings.WEBHOOK_FORWARD_URL === undefined
      ? []
      : [check(`webhook receiver at ${settings.WEBHOOK_FORWARD_URL}`, () => reach(settings.WEBHOOK_FORWARD_URL))]),
  ]);
  if (json) printJson({ checks: checks.map(({ name, problem = null }) => ({ name, problem })) });
  else
    for (const { name, problem } of checks)
      printLine(problem === undefined ? `ok    ${name}` : `FAIL  ${name}: ${problem}`);
  return checks.some(({ problem }) => problem !== undefined) ? exitCode.failed : exitCode.ok;
}

function tenantChecks({ TENANT_SERVICE_URL, TENANTS_FILE }: Settings): Promise<Check>[] {
  if (TENANT_SERVICE_URL !== undefined) {
    return [check(`Tenant Service at ${TENANT_SERVICE_URL}`, () => reach(TENANT_SERVICE_URL))];
  }
  if (TENANTS_FILE === undefined) {
    return [check("tenants", () => "set TENANT_SERVICE_URL or TENANTS_FILE, or use serve --sandbox to try it out")];
  }
  return [
    check("TENANTS_FILE", async () => {
      const opened = await openTenantsFile(TENANTS_FILE);
      if (opened.isErr()) return opened.error.reason;
      await opened.value.close();
      return undefined;
    }),
  ];
}

async function checkKeys(path: string): Promise<Check> {
  return (await listKeys(path)).match(
    ({ length }) => ({ name: `API_KEYS_FILE, with ${length} key${length === 1 ? "" : "s"}`, problem: undefined }),
    ({ reason }) => ({ name: "API_KEYS_FILE", problem: reason }),
  );
}

async function checkRules(path = ""): Promise<string | undefined> {
  return (await readErrorRules(path)).match(
    () => undefined,
    ({ reason }) => reason,
  );
}

async function check(name: string, find: () => string | undefined | Promise<string | undefined>): Promise<Check> {
  return { name, problem: await find() };
}

/** Any answer proves that the name resolves, the certificate is trusted and a server listens. */
async function reach(url: string | undefined): Promise<string | undefined> {
  try {
    const answer = await request(url ?? "", { headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
    await answer.body.dump();
    return undefined;
  } catch (error) {
    return `cannot be reached (${error instanceof Error && "code" in error ? String(error.code) : "no answer"})`;
  }
}
