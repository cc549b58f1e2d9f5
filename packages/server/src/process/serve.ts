import {
  type GraphErrorOverrides,
  openTenantsFile,
  readErrorRules,
  type TenantsFile,
} from "@message-sender/http-adapter/outbound";
import { type HttpServer, startHttpServer } from "@message-sender/http-adapter/inbound";
import { type Sandbox, startSandbox } from "@message-sender/emulator";
import { createSystemClock } from "@message-sender/core/node";
import type { Logger } from "pino";

import type { Config } from "../settings/settings.ts";
import { createService, type Service } from "../container.ts";
import { endAtOnce } from "./end-process.ts";
import { exitCode } from "./exit-code.ts";
import type { Failpoints } from "../failpoints.ts";
import { openStore, type Store, storeKind } from "../store.ts";
import { connectWebhooks, ignoredBySandbox, sandboxConfig, sandboxHint } from "../sandbox.ts";
import { createServerLog, type ServerLog } from "../log/server-log.ts";
import { askedToEnd } from "./signals.ts";

interface ServeOptions {
  readonly sandbox: boolean;
  /** Of the program, for its log. */
  readonly version: string;
}

/** Runs the server until SIGTERM, SIGINT or SIGHUP; resolves with the exit code. */
export async function serve(config: Config, options: ServeOptions): Promise<number> {
  const log = createServerLog(config);
  process.on("uncaughtException", async (error: unknown) => {
    log.fail(error);
    await log.close();
    endAtOnce(exitCode.failed);
  });
  try {
    return await run(config, options, log);
  } finally {
    await log.close();
  }
}

async function run(given: Config, { sandbox: withSandbox, version }: ServeOptions, log: ServerLog): Promise<number> {
  const { logger } = log;
  const facts = { version, store: storeKind(given.DATABASE_URL), mode: withSandbox ? "sandbox" : "live" };
  logger.info(facts, "starting");
  const errorRules = await loadedErrorRules(given.ERROR_RULES_FILE);
  const sandbox = withSandbox
    ? await startSandbox({ webhooks: { delayMs: 1000 }, allowedHosts: given.ALLOWED_HOSTS ?? [] })
    : undefined;
  const config = sandbox ? sandboxConfig(given, sandbox) : given;
  const ignored = sandbox ? ignoredBySandbox(given) : [];
  if (ignored.length > 0) logger.warn({ settings: ignored }, "the sandbox is used instead of what these settings name");
  const tenantsFile = await openedTenantsFile(config, logger);
  const failpoints = await loadedFailpoints(config.FAILPOINTS);
  const store = await openStore(config.DATABASE_URL, createSystemClock(), sandbox ? "sandbox" : "live");
  const { service, server } = await listen(
    store,
    () =>
      createService({
        config,
        logger,
        store,
        ...(tenantsFile && { tenantsFile }),
        ...(errorRules && { errorRules }),
        ...(failpoints && { decorate: failpoints.decorate }),
      }),
    config,
  );
  failpoints?.takeOrders(service.sender);
  const ending = askedToEnd();
  service.sender.start();
  const ready = await service.sender.check();
  if (ready.isErr()) logger.warn({ reason: ready.error.reason }, "not ready yet");
  warn(config, logger);
  log.announce(server.url, facts);
  if (sandbox) {
    connectWebhooks(sandbox, server.url);
    log.hint(sandboxHint(sandbox, server.url));
  }

  logger.info({ signal: await ending }, "shutting down");
  setTimeout(() => endAtOnce(exitCode.failed), shutdownLimitMs);
  await shutDown(service, server, sandbox);
  logger.info({}, "shut down");
  return exitCode.ok;
}

async function openedTenantsFile(config: Config, logger: Logger): Promise<TenantsFile | undefined> {
  if (config.TENANT_SERVICE_URL !== undefined || config.TENANTS_FILE === undefined) return undefined;
  const opened = await openTenantsFile(config.TENANTS_FILE, {
    onError: (reason) =>
      logger.error({ reason }, "the changed tenants file cannot be used; what was read before stays"),
    onReload: (counts) => logger.info(counts, "tenants file reloaded"),
  });
  if (opened.isErr()) throw new Error(`TENANTS_FILE: ${opened.error.reason}`);
  return opened.value;
}

async function loadedErrorRules(path: string | undefined): Promise<GraphErrorOverrides | undefined> {
  if (path === undefined) return undefined;
  const rules = await readErrorRules(path);
  if (rules.isErr()) throw new Error(`ERROR_RULES_FILE: ${rules.error.reason}`);
  return rules.value;
}

/** Nothing starts before the port is bound. A start that fails leaves no database file where there was none. */
async function listen(
  store: Store,
  create: () => Service,
  { HOST: host, PORT: port }: Config,
): Promise<{ readonly service: Service; readonly server: HttpServer }> {
  try {
    const service = create();
    return { service, server: await startHttpServer({ app: service.app, host, port }) };
  } catch (error) {
    await (store.discard ?? store.close)?.();
    throw error;
  }
}

/** For tests of crashes: points where the process ends. */
async function loadedFailpoints(points: string | undefined): Promise<Failpoints | undefined> {
  if (points === undefined) return undefined;
  const found = await import("../failpoints.ts").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new Error("FAILPOINTS: not part of a published build", { cause });
  });
  return found.createFailpoints(points);
}

function warn(config: Config, logger: Logger): void {
  if (config.DATABASE_URL === "memory:") {
    logger.warn({}, "DATABASE_URL is memory: and every message is forgotten when this process ends");
  }
  if (config.ON_AMBIGUOUS === "verify" && !config.WHATSAPP_APP_SECRET) {
    logger.warn({}, "ON_AMBIGUOUS is verify, but without webhooks no evidence can come: it acts as hold");
  }
  if (config.WEBHOOK_FORWARD_URL !== undefined && !config.WHATSAPP_APP_SECRET) {
    logger.warn({}, "WEBHOOK_FORWARD_URL is set, but without WHATSAPP_APP_SECRET no webhook comes in");
  }
}

/** Every step of a shutdown has its own limit; this is for what nobody thought of. */
const shutdownLimitMs = 24_000;

/** The server goes on answering, with 503, until each call that it took is answered. */
async function shutDown(service: Service, server: HttpServer, sandbox: Sandbox | undefined): Promise<void> {
  server.drain();
  await service.close();
  await server.close();
  await sandbox?.close();
}
