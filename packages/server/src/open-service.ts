import type { MessageSenderPorts } from "@message-sender/core";
import type { Telemetry } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import type { ApiKeys } from "@message-sender/http-adapter/inbound";
import {
  createInlineTenants,
  type GraphErrorOverrides,
  openTenantsFile,
  readErrorRules,
  type TenantsFile,
  type TenantSource,
} from "@message-sender/http-adapter/outbound";

import { checkOptions } from "./check-options.ts";
import { compose, type Composition } from "./container.ts";
import { defined } from "./defined.ts";
import { createLogRedaction, type LogRedaction } from "./log/log-redaction.ts";
import { redactedLogger } from "./log/redacted-logger.ts";
import { secretsOf } from "./composition/secrets-of.ts";
import { createRegistryPart, type RegistryPart } from "./metrics/registry.ts";
import { inSandbox } from "./sandbox.ts";
import { loadApiKeys } from "./load-api-keys.ts";
import type { ServiceOptions } from "./service-options.ts";
import { createServiceTelemetry } from "./service-telemetry.ts";
import { storeKind } from "./store/database-url.ts";
import { openStore, type Store } from "./store/open-store.ts";

/** How errors name the options: as an embedder passes them, or by their environment variables. */
export interface OptionNames {
  readonly noTenants: string;
  nameOf(option: keyof ServiceOptions): string;
}

export interface OpenServiceOptions {
  readonly names: OptionNames;
  /** Wraps the ports before the sender is created. */
  readonly decorate?: (ports: MessageSenderPorts) => MessageSenderPorts;
  /** What the logger applies already. Default: it applies nothing. */
  readonly redaction?: LogRedaction;
}

export interface OpenService extends Composition {
  /** For a start that failed: closes everything, and deletes a database file that this start created. */
  discard(): Promise<void>;
}

/**
 * Opens the resources of a service and composes it. Nothing runs in the background yet. If that fails, closes everything that was
 * opened, and what the service would have closed, such as its sandbox.
 */
export async function openService(
  given: ServiceOptions,
  { names, decorate, redaction: applied }: OpenServiceOptions,
): Promise<OpenService> {
  const invalid = (option: keyof ServiceOptions, reason: string) => new Error(`${names.nameOf(option)}: ${reason}`);
  let tenants: Awaited<ReturnType<typeof openTenants>>;
  let apiKeys: ApiKeys | undefined;
  let store: Store | undefined;
  let metricsPart: RegistryPart | undefined;
  try {
    checkOptions(given, names.nameOf);
    const redaction = applied ?? createLogRedaction(given.logNumbers && { numbers: given.logNumbers });
    for (const secret of secretsOf(given)) redaction.keep(secret);
    const options = optionsOf(applied ? given : withRedactedLog(given, redaction));
    const errorRules = await loadErrorRules(options, invalid);
    apiKeys = await loadApiKeys(options, invalid);
    tenants = await openTenants(options, invalid);
    // Opening a store creates it, and stamps it as live or as a sandbox's.
    if (!hasTenants(options)) throw new Error(names.noTenants);
    metricsPart = options.metrics && createRegistryPart(options.metrics);
    const events = createServiceTelemetry(options, metricsPart);
    store = options.store ?? (await openOwnStore(options, events, invalid));
    const composition = compose({
      ...options,
      store,
      storeKind: options.store ? "custom" : storeKind(options.databaseUrl ?? defaultDatabaseUrl),
      events,
      redaction,
      ...(metricsPart && { metricsPart }),
      ...(tenants && { tenantSource: tenants }),
      ...(errorRules && { errorRules }),
      ...(apiKeys && { access: apiKeys.access }),
      ...(decorate && { decorate }),
    });
    return withEnd(composition, store, async () => {
      metricsPart?.remove();
      await apiKeys?.close();
      await tenants?.close?.();
      await options.sandbox?.close();
    });
  } catch (error) {
    metricsPart?.remove();
    const { store: ofCaller, sandbox } = given ?? {};
    const closing = [ofCaller ? ofCaller.close?.() : (store?.discard ?? store?.close)?.(), tenants?.close?.()];
    closing.push(apiKeys?.close());
    await Promise.allSettled([...closing, sandbox?.close?.()]);
    throw error;
  }
}

function withRedactedLog({ logger, ...options }: ServiceOptions, redaction: LogRedaction): ServiceOptions {
  return { ...options, ...(logger && { logger: redactedLogger(logger, redaction) }) };
}

/** An option, or a port, that is undefined counts as absent. */
function optionsOf(given: ServiceOptions): ServiceOptions {
  const options: ServiceOptions = defined({ ...given, ...(given.ports && { ports: defined(given.ports) }) });
  return options.sandbox ? inSandbox(options, options.sandbox) : options;
}

type Invalid = (option: keyof ServiceOptions, reason: string) => Error;

/** Adds `after` to the end of a composition. Closing again has no effect. */
function withEnd({ close, ...composition }: Composition, store: Store, after: () => Promise<void>): OpenService {
  let closing: Promise<void> | undefined;
  return {
    ...composition,
    close: () => (closing ??= close().then(after)),
    async discard() {
      await (store.discard ?? store.close)?.();
      await after();
    },
  };
}

async function loadErrorRules({ errorRulesFile }: ServiceOptions, invalid: Invalid) {
  if (errorRulesFile === undefined) return undefined;
  return (await readErrorRules(errorRulesFile)).match<GraphErrorOverrides>(
    (rules) => rules,
    ({ reason }) => {
      throw invalid("errorRulesFile", reason);
    },
  );
}

/** Undefined if tenants come from a Tenant Service or from ports of the caller. */
async function openTenants(
  { tenants, tenantsFile, tenantServiceUrl, logger }: ServiceOptions,
  invalid: Invalid,
): Promise<(TenantSource & Partial<TenantsFile>) | undefined> {
  const given = { tenants, tenantsFile, tenantServiceUrl };
  const [first, second] = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (second !== undefined) throw invalid(second as keyof ServiceOptions, `cannot be combined with ${first}`);
  if (tenants) {
    return createInlineTenants(tenants).match(
      (source) => source,
      (reason) => {
        throw invalid("tenants", reason);
      },
    );
  }
  if (tenantsFile !== undefined) {
    const opened = await openTenantsFile(tenantsFile, {
      onError: (reason) =>
        logger?.error({ reason }, "the changed tenants file is invalid: the previous version stays in effect"),
      onReload: (counts) => logger?.info(counts, "tenants file reloaded"),
    });
    if (opened.isErr()) throw invalid("tenantsFile", opened.error.reason);
    return opened.value;
  }
  return undefined;
}

function hasTenants({ tenants, tenantsFile, tenantServiceUrl, ports }: ServiceOptions): boolean {
  return (tenants ?? tenantsFile ?? tenantServiceUrl ?? (ports?.credentials && ports.quota)) !== undefined;
}

const defaultDatabaseUrl = "sqlite:message-sender.db";

async function openOwnStore(
  { databaseUrl = defaultDatabaseUrl, sandbox, ports, metrics, telemetry }: ServiceOptions,
  events: Telemetry,
  invalid: Invalid,
): Promise<Store> {
  const opened = await openStore(databaseUrl, {
    clock: ports?.clock ?? createSystemClock(),
    stamp: sandbox ? "sandbox" : "live",
    // The log says nothing of single transactions.
    ...((metrics ?? telemetry) && { telemetry: events }),
  });
  if (opened.isErr()) throw invalid("databaseUrl", opened.error.reason);
  return opened.value;
}
