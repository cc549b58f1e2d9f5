import { type OutletRef } from "@message-sender/core";
import { listKeys } from "@message-sender/http-adapter/api-keys";
import { readErrorRules } from "@message-sender/http-adapter/outbound";
import { exitCode, printable } from "@message-sender/server/process";
import type { Settings, Variables } from "@message-sender/server/settings";

import { type Check, failed, passed } from "../doctor/check.ts";
import { checkClock } from "../doctor/check-clock.ts";
import { checkConversations } from "../doctor/check-conversations.ts";
import { checkOutlet, outletName } from "../doctor/check-outlet.ts";
import { checkCallbackReceiver, checkWebhookReceiver } from "../doctor/check-receivers.ts";
import { checkSettings } from "../doctor/check-settings.ts";
import { checkStore } from "../doctor/store/check-store.ts";
import { checkWebhooks } from "../doctor/check-webhooks.ts";
import { createDeadline, type Deadline } from "../doctor/deadline.ts";
import { openGraph } from "../doctor/graph-lookups.ts";
import type { Outlet } from "../doctor/outlet.ts";
import { findOutlets } from "../doctor/outlet-source.ts";
import type { StoreFinding } from "../doctor/store/store-finding.ts";
import { printJson, printLine, printProblem } from "../print.ts";

/** The options of `doctor`. */
export interface DoctorOptions {
  readonly json: boolean;
  readonly tenant?: string;
  readonly outlet?: string;
  readonly webhookUrl?: string;
  /** Seconds that all checks together may take. */
  readonly timeout: number;
  /** The variables that were given, without defaults. */
  readonly variables: Variables;
}

/**
 * Checks what `serve` needs, without changing anything. The checks run at the same time and are printed in a fixed order. As JSON:
 * `{"checks": [{"name", "status": "ok" | "warning" | "failed", "problem": text | null, "advice": text | null}], "store": {"kind", …} | null}`.
 * A warning does not change the exit code.
 */
export async function doctor(settings: Settings, options: DoctorOptions): Promise<number> {
  const { json, tenant: tenantId, outlet: outletId } = options;
  const misuse = misuseOf(options);
  if (misuse !== undefined) {
    printProblem(misuse);
    return exitCode.usage;
  }
  const asked = tenantId !== undefined && outletId !== undefined ? { tenantId, outletId } : undefined;
  const deadline = createDeadline(options.timeout);
  const { within } = deadline;
  let store: StoreFinding["facts"] | null = null;
  const groups = await Promise.all([
    within(
      "store",
      checkStore(settings).then((found) => {
        store = found.facts;
        return found.checks;
      }),
    ),
    within("WhatsApp", checkWhatsApp(settings, deadline)),
    checkTenants(settings, asked, options.webhookUrl, deadline),
    within(
      "Conversation Service",
      checkConversations(settings).then((check) => [check]),
    ),
    within("API_KEYS_FILE", checkKeys(settings.API_KEYS_FILE)),
    within("ERROR_RULES_FILE", checkRules(settings.ERROR_RULES_FILE)),
    within("webhook receiver", checkWebhookReceiver(settings)),
    within("receiver of status callbacks", checkCallbackReceiver(settings)),
  ]);
  const checks: readonly Check[] = [...checkSettings(settings, options.variables), ...groups.flat()];
  if (json) printJson({ checks: checks.map(toJson), store });
  else checks.forEach(printCheck);
  return checks.some(({ problem, isWarning }) => problem !== undefined && !isWarning) ? exitCode.failed : exitCode.ok;
}

function misuseOf({ tenant, outlet, webhookUrl, timeout }: DoctorOptions): string | undefined {
  if (!(timeout >= 1 && timeout <= 600)) return "--timeout must be a number of seconds from 1 to 600";
  if ((tenant === undefined) !== (outlet === undefined)) return "--tenant and --outlet must be given together";
  if (webhookUrl !== undefined && !/^https?:$/.test(URL.parse(webhookUrl)?.protocol ?? "")) {
    return "--webhook-url must be an http or https URL";
  }
  return undefined;
}

function toJson({ name, problem, advice, isWarning }: Check) {
  const status = problem === undefined ? "ok" : isWarning ? "warning" : "failed";
  return { name, status, problem: problem ?? null, advice: advice ?? null };
}

function printCheck({ name, problem, advice, isWarning }: Check): void {
  if (problem === undefined) return printLine(`ok    ${printable(name)}`);
  printLine(`${isWarning ? "WARN" : "FAIL"}  ${printable(`${name}: ${problem}`)}`);
  if (advice !== undefined) printLine(`      ${printable(advice)}`);
}

/** Any answer proves that the name resolves, the certificate is trusted and a server listens. */
async function checkWhatsApp(settings: Settings, { signal }: Deadline): Promise<readonly Check[]> {
  const name = `WhatsApp at ${settings.GRAPH_API_URL}`;
  const graph = openGraph(settings, signal);
  const askedAt = Date.now();
  const answer = await graph.get("");
  const answeredAt = Date.now();
  graph.close();
  if (typeof answer === "string") {
    return [failed(name, answer, "check GRAPH_API_URL, HTTPS_PROXY and the firewall")];
  }
  return [passed(name), checkClock(answer, askedAt, answeredAt)];
}

/** The tenants, each outlet of theirs, and the webhooks, whose URL WhatsApp may tell. */
async function checkTenants(
  settings: Settings,
  asked: OutletRef | undefined,
  webhookUrl: string | undefined,
  { signal, within }: Deadline,
): Promise<readonly Check[]> {
  const outlets: Outlet[] = [];
  const checks = await within(
    "tenants",
    findOutlets(settings, asked).then((source) => {
      outlets.push(...source.outlets);
      return source.checks;
    }),
  );
  const graph = openGraph(settings, signal);
  const known = new Set<string>();
  const found = await Promise.all(
    outlets.map((outlet) =>
      within(
        outletName(outlet),
        checkOutlet(graph, outlet, settings).then((one) => {
          if (one.webhookUrl !== undefined && URL.canParse(one.webhookUrl)) known.add(one.webhookUrl);
          return one.checks;
        }),
      ),
    ),
  );
  graph.close();
  const urls = webhookUrl === undefined ? [...known] : [webhookUrl];
  return [...checks, ...found.flat(), ...(await within("webhooks", checkWebhooks(settings, urls)))];
}

async function checkKeys(path: string | undefined): Promise<readonly Check[]> {
  if (path === undefined) return [];
  const check = (await listKeys(path)).match<Check>(
    ({ length }) => passed(`API_KEYS_FILE, with ${length} key${length === 1 ? "" : "s"}`),
    ({ reason }) =>
      failed("API_KEYS_FILE", reason, "create a key with message-sender keys create, or correct the path"),
  );
  return [check];
}

async function checkRules(path: string | undefined): Promise<readonly Check[]> {
  if (path === undefined) return [];
  const check = (await readErrorRules(path)).match<Check>(
    () => passed("ERROR_RULES_FILE"),
    ({ reason }) => failed("ERROR_RULES_FILE", reason, "correct the file"),
  );
  return [check];
}
