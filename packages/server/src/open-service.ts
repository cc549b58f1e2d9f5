import type { MessageSenderPorts } from "@message-sender/core";
import type { Telemetry } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { type GraphErrorOverrides, readErrorRules } from "@message-sender/http-adapter/outbound";

import { checkOptions } from "./check-options.ts";
import { compose, type Composition } from "./container.ts";
import { defined } from "./defined.ts";
import { createLogRedaction, type LogRedaction } from "./log/log-redaction.ts";
import { redactedLogger } from "./log/redacted-logger.ts";
import { createRegistryPart } from "./metrics/registry.ts";
import { type InvalidOption, invalidOption } from "./invalid-option.ts";
import { loadApiKeys } from "./load-api-keys.ts";
import { hasTenants, openTenants } from "./open-tenants.ts";
import { inSandbox, sandboxViewOf } from "./sandbox.ts";
import type { Peers } from "./reports/peers.ts";
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
  /** Called when the options and their files are valid, before anything else is opened. */
  readonly onChecked?: () => void;
  /** Wraps the ports before the sender is created. */
  readonly decorate?: (ports: MessageSenderPorts) => MessageSenderPorts;
  /** The other processes of the server, if there are any. */
  readonly peers?: Peers;
  /** What the logger applies already. Default: it applies nothing. */
  readonly redaction?: LogRedaction;
}

export interface OpenService extends Composition {
  /** For a start that failed: closes everything, and deletes a database file that this start created. Never rejects. */
  discard(): Promise<void>;
}

/**
 * Opens the resources of a service and composes it. Nothing runs in the background yet. If that fails, closes everything that was
 * opened, and what the service would have closed, such as its sandbox.
 */
export async function openService(
  given: ServiceOptions,
  { names, decorate, onChecked, peers, redaction: applied }: OpenServiceOptions,
): Promise<OpenService> {
  const invalid: InvalidOption = (option, reason) => invalidOption(`${names.nameOf(option)}: ${reason}`);
  let store: Store | undefined;
  const closers: (() => Promise<void>)[] = [];
  const closeOthers = () => Promise.all(closers.toReversed().map((close) => close()));
  const discard = async () => {
    const ofCaller = given?.store;
    const closeStore = ofCaller ? ofCaller.close?.() : (store?.discard ?? store?.close)?.();
    await Promise.allSettled([closeStore, closeOthers()]);
  };
  try {
    closers.push(async () => given?.sandbox?.close?.());
    checkOptions(given, names.nameOf);
    const redaction = applied ?? createLogRedaction(given.logNumbers && { numbers: given.logNumbers });
    const options = optionsOf(applied ? given : withRedactedLog(given, redaction));
    const errorRules = await loadErrorRules(options, invalid);
    const apiKeys = await loadApiKeys(options, invalid);
    closers.push(async () => apiKeys?.close());
    const tenants = await openTenants(options, invalid);
    closers.push(async () => tenants?.close?.());
    // Opening a store creates it, and stamps it as live or as a sandbox's.
    if (!hasTenants(options)) throw invalidOption(names.noTenants);
    onChecked?.();
    const metricsPart = options.metrics && createRegistryPart(options.metrics);
    closers.push(async () => metricsPart?.remove());
    const events = createServiceTelemetry(options, metricsPart);
    store = options.store ?? (await openOwnStore(options, events, names.nameOf));
    const composition = compose({
      ...options,
      store,
      storeKind: options.store ? "custom" : storeKind(options.databaseUrl ?? defaultDatabaseUrl),
      events,
      redaction,
      ...(metricsPart && { metricsPart }),
      ...(tenants && { tenantSource: tenants }),
      ...(errorRules && { errorRules }),
      ...(apiKeys && { access: apiKeys.access, sessionSecret: apiKeys.sessionSecret }),
      ...(decorate && { decorate }),
      ...(peers && { peers }),
      ...(given.sandbox && { sandboxView: sandboxViewOf(given.sandbox) }),
    });
    let closing: Promise<void> | undefined;
    const closeAll = async () => {
      await composition.close();
      await closeOthers();
    };
    return { ...composition, close: () => (closing ??= closeAll()), discard };
  } catch (error) {
    await discard();
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

async function loadErrorRules({ errorRulesFile }: ServiceOptions, invalid: InvalidOption) {
  if (errorRulesFile === undefined) return undefined;
  return (await readErrorRules(errorRulesFile)).match<GraphErrorOverrides>(
    (rules) => rules,
    ({ reason }) => {
      throw invalid("errorRulesFile", reason);
    },
  );
}

const defaultDatabaseUrl = "sqlite:message-sender.db";

/** A store has about 18 partitions: what is kept, the present one, the next one and the rest. */
const daysPerPartition = (keptMs = 30 * dayMs): number => Math.max(1, Math.min(31, Math.ceil(keptMs / dayMs / 15)));
const dayMs = 24 * 3_600_000;

async function openOwnStore(
  {
    databaseUrl = defaultDatabaseUrl,
    processLeaseMs,
    retention,
    partitionDays = daysPerPartition(retention?.keptMs),
    sandbox,
    ports,
    metrics,
    telemetry,
  }: ServiceOptions,
  events: Telemetry,
  nameOf: OptionNames["nameOf"],
): Promise<Store> {
  const opened = await openStore(databaseUrl, {
    clock: ports?.clock ?? createSystemClock(),
    stamp: sandbox ? "sandbox" : "live",
    ...(processLeaseMs !== undefined && { processLeaseMs }),
    partitionDays,
    // The log says nothing of single transactions.
    ...((metrics ?? telemetry) && { telemetry: events }),
  });
  if (opened.isErr()) throw new Error(`${nameOf("databaseUrl")}: ${opened.error.reason}`);
  return opened.value;
}
