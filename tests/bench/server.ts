import { randomUUID } from "node:crypto";
import { openSync } from "node:fs";
import { join } from "node:path";

import { createKey } from "@message-sender/http-adapter/api-keys";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createService, type ServiceOptions } from "@message-sender/server";
import { createLogOutput } from "@message-sender/server/process";
import { createLogger, createProcessRegistry, releaseStartMemory, tuneHeap } from "@message-sender/server/run";
import { readSettings, serverOptionsOf } from "@message-sender/server/settings";

import { appSecret, graphConnections } from "./fixtures.ts";
import type { SubjectEnvironment } from "./subject.ts";

interface BenchOptions {
  /** Off by default, because all messages leave from one number. */
  readonly pacing?: "on" | "off";
  /** What the server tells about itself and asks of its callers: the request log, all of it with API keys, or nothing. */
  readonly observed?: "by its log" | "by its log and metrics" | "in full" | "not at all";
}

/** The server as `serve` runs it, its memory and the request log included. */
export async function startServer(
  { graphUrl, tenantUrl, conversationUrl, folder }: SubjectEnvironment,
  store: Pick<ServiceOptions, "databaseUrl" | "store">,
  { pacing: PACING = "off", observed = "by its log" }: BenchOptions = {},
) {
  const keysFile = join(folder, `${randomUUID()}.keys`);
  const created = observed === "in full" ? await createKey(keysFile, senderKey) : undefined;
  const settings = readSettings({
    GRAPH_API_URL: graphUrl,
    // One number may use half of them.
    GRAPH_MAX_CONNECTIONS: String(2 * graphConnections),
    TENANT_SERVICE_URL: tenantUrl,
    CONVERSATION_SERVICE_URL: conversationUrl,
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: "bench",
    PACING,
    ...(created && { API_KEYS_FILE: keysFile }),
    // Long enough for a Graph that delays its answers.
    ATTEMPT_TIMEOUT_MS: "300000",
    SEND_DEADLINE_MS: "300000",
  })._unsafeUnwrap();
  const logger = await createLogger(false, settings.LOG_LEVEL, createLogOutput({ fd: openSync("/dev/null", "w") }));
  const service = await createService({
    ...serverOptionsOf(settings),
    ...store,
    ...(observed !== "not at all" && { logger }),
    ...((observed === "in full" || observed === "by its log and metrics") && { metrics: createProcessRegistry() }),
  });
  tuneHeap();
  releaseStartMemory();
  const { url } = await startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
  return { url, ...(created && { apiKey: created._unsafeUnwrap().key }) };
}

const senderKey = { name: "bench", tenants: "all", scopes: ["send"] } as const;
