import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { createService, type ServiceOptions } from "@message-sender/server";
import { readSettings, serverOptionsOf } from "@message-sender/server/process";
import { destination, pino } from "pino";

import { appSecret, graphConnections } from "./fixtures.ts";
import type { SubjectEnvironment } from "./subject.ts";

/** The server as `serve` runs it, request log included. Without pacing by default, because all messages leave from one number. */
export async function startServer(
  { graphUrl, tenantUrl, conversationUrl }: SubjectEnvironment,
  store: Pick<ServiceOptions, "databaseUrl" | "store">,
  PACING: "on" | "off" = "off",
) {
  const settings = readSettings({
    GRAPH_API_URL: graphUrl,
    // One number may use half of them.
    GRAPH_MAX_CONNECTIONS: String(2 * graphConnections),
    TENANT_SERVICE_URL: tenantUrl,
    CONVERSATION_SERVICE_URL: conversationUrl,
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: "bench",
    PACING,
    // Long enough for a Graph that delays its answers.
    ATTEMPT_TIMEOUT_MS: "300000",
    SEND_DEADLINE_MS: "300000",
  })._unsafeUnwrap();
  const logger = pino(destination({ dest: "/dev/null", sync: false }));
  const service = await createService({ ...serverOptionsOf(settings), ...store, logger });
  return startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
}
