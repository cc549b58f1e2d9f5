import { flushSpans, isPrivateHost } from "@message-sender/http-adapter/outbound";

import { createServerLog, type ServerLog } from "../log/server-log.ts";
import type { Logger } from "../logger-port.ts";
import { createProcessRegistry } from "../metrics/process-metrics.ts";
import { openService, type OpenService } from "../open-service.ts";
import { connectWebhooks } from "../sandbox.ts";
import type { SandboxHandle } from "../sandbox-handle.ts";
import type { Settings } from "../settings/environment.ts";
import { ignoredBySandbox } from "../settings/ignored-by-sandbox.ts";
import { serverOptionsOf } from "../settings/service-options-of.ts";
import type { ServerChild } from "./children/child.ts";
import { variableNames } from "./variable-names.ts";
import { storeKind } from "../store/database-url.ts";
import { endAtOnce } from "./end-process.ts";
import { exitCode } from "./exit-code.ts";
import { type Listeners, listen, listenForMetrics } from "./listen.ts";
import { loadFailpoints } from "./load-failpoints.ts";
import { tuneHeap } from "./tune-heap.ts";
import { releaseStartMemory } from "./release-start-memory.ts";
import { releaseWhenIdle } from "./release-when-idle.ts";
import { sandboxHint } from "./sandbox-hint.ts";
import { endSignal } from "./signals.ts";

/** The options of `runServer`. */
export interface RunServerOptions {
  /** The version of the program, for the log. */
  readonly version: string;
  /** Starts a sandbox, for a server that must not send real messages. */
  readonly startSandbox?: () => Promise<SandboxHandle>;
  /** This process as one of several that share the ports. Its parent says where they listen. */
  readonly child?: ServerChild;
  /** Whether it works on the queue. Default: true. */
  readonly worker?: boolean;
  /** Whether it serves the API. Without it, only its health and metrics are served, on `METRICS_PORT`. Default: true. */
  readonly api?: boolean;
}

/** Each step of a shutdown has a limit of its own. This one is the last resort. */
const shutdownLimitMs = 24_000;
/** For the spans of an OpenTelemetry SDK. */
const flushLimitMs = 1000;

/** Runs a server until SIGTERM, SIGINT or SIGHUP; resolves with the exit code. */
export async function runServer(settings: Settings, options: RunServerOptions): Promise<number> {
  const log = await createServerLog(settings, options.child?.number);
  process.on("uncaughtException", async (error: unknown) => {
    log.fail(error);
    await log.close();
    endAtOnce(exitCode.failed);
  });
  try {
    return await run(settings, options, log);
  } finally {
    await log.close();
  }
}

async function run(settings: Settings, options: RunServerOptions, log: ServerLog): Promise<number> {
  const { version, startSandbox, child, worker = true, api = true } = options;
  const { logger } = log;
  const mode = startSandbox ? "sandbox" : "live";
  const facts = { version, store: storeKind(settings.DATABASE_URL), mode };
  const sandbox = await startSandbox?.();
  const failpoints = await loadFailpoints(settings.FAILPOINTS);
  const service = await openService(
    {
      ...serverOptionsOf(settings),
      worker,
      logger,
      metrics: child ? child.withMetricsOfAll(createProcessRegistry()) : createProcessRegistry(),
      ...(sandbox && { sandbox }),
    },
    {
      names: variableNames,
      redaction: log.redaction,
      ...(failpoints && { decorate: failpoints.decorate }),
      ...(child && { peers: child }),
      onChecked() {
        logger.info(facts, "starting");
        const ignored = sandbox ? ignoredBySandbox(settings) : [];
        if (ignored.length > 0) logger.warn({ settings: ignored }, "the sandbox overrides these settings");
      },
    },
  );
  tuneHeap();
  const server = await listenOrDiscard(service, settings, api);
  failpoints?.handleCommands(service.sender);
  const ending = Promise.race([endSignal(), ...(child ? [child.ending()] : [])]);
  service.sender.start();
  const ready = await service.sender.check();
  if (ready.isErr()) logger.warn({ reason: ready.error.reason }, "not ready yet");
  warnOf(settings, sandbox !== undefined, logger);
  const line = server.url === "" ? "working on the queue" : `listening on ${server.url}`;
  if (child) child.announce(server.url, { ...facts, ...server.others });
  else log.announce(line, { ...facts, ...server.others });
  const { docs_url: docs, metrics_url: metrics } = server.others;
  if (docs !== undefined) log.hint(`API documentation: ${docs}\n`);
  if (metrics !== undefined) log.hint(`Metrics: ${metrics}\n`);
  if (sandbox) {
    connectWebhooks(sandbox, server.url);
    log.hint(sandboxHint(sandbox, { url: server.url, hasKeys: settings.API_KEYS_FILE !== undefined }));
  }

  const cancelRelease = releaseWhenIdle({
    isSending: service.isSending,
    release() {
      releaseStartMemory();
      service.releaseMemory();
    },
  });
  logger.info({ signal: await ending }, "shutting down");
  cancelRelease();
  setTimeout(() => endAtOnce(exitCode.failed), shutdownLimitMs);
  // The server answers new requests with 503 until all accepted calls are answered.
  server.drain();
  await service.close();
  await server.close();
  await flushSpans(flushLimitMs);
  logger.info({}, "shut down");
  return exitCode.ok;
}

/** Nothing runs before the ports are bound. A start that fails deletes a database file that it created. */
async function listenOrDiscard(service: OpenService, settings: Settings, api: boolean): Promise<Listeners> {
  try {
    if (api) return await listen(service.app, settings);
    return { url: "", others: {}, drain() {}, async close() {}, ...(await listenForMetrics(service.app, settings)) };
  } catch (error) {
    await service.discard();
    throw error;
  }
}

function warnOf(settings: Settings, isSandbox: boolean, logger: Logger): void {
  const receivesWebhooks = isSandbox || settings.WHATSAPP_APP_SECRET !== undefined;
  if (settings.DATABASE_URL === "memory:") {
    logger.warn({}, "DATABASE_URL is memory: all messages are lost when this process ends");
  }
  if (settings.ON_AMBIGUOUS === "verify" && !receivesWebhooks) {
    logger.warn({}, "ON_AMBIGUOUS is verify, but no evidence can arrive without webhooks: it acts as hold");
  }
  const callbackUrl = URL.parse(settings.STATUS_CALLBACK_URL ?? "");
  if (callbackUrl && !isSandbox && settings.CALLBACK_ALLOW_PRIVATE === "off" && isPrivateHost(callbackUrl)) {
    logger.warn(
      {},
      "STATUS_CALLBACK_URL is a private address: nothing is sent to it without CALLBACK_ALLOW_PRIVATE=on",
    );
  }
  if (settings.WEBHOOK_FORWARD_URL !== undefined && !receivesWebhooks) {
    logger.warn({}, "WEBHOOK_FORWARD_URL is set, but without WHATSAPP_APP_SECRET no webhooks are accepted");
  }
}
