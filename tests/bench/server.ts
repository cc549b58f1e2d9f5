import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { type ContainerOptions, createService, readConfig } from "@message-sender/server";
import { destination, pino } from "pino";

// What is measured is the server as the command line puts it together.
import { appSecret, graphConnections } from "./agreed.ts";
import type { Surroundings } from "./subject.ts";

/**
 * The server as `serve` runs it, request log included. Where nothing else is said it is not paced: all that is sent leaves
 * from one number.
 */
export function startServer(
  { graphUrl, tenantUrl, conversationUrl }: Surroundings,
  store: ContainerOptions["store"],
  PACING: "on" | "off" = "off",
) {
  const config = readConfig({
    GRAPH_API_URL: graphUrl,
    // One number may have half of them.
    GRAPH_MAX_CONNECTIONS: String(2 * graphConnections),
    TENANT_SERVICE_URL: tenantUrl,
    CONVERSATION_SERVICE_URL: conversationUrl,
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: "bench",
    PACING,
    // Long enough for a Graph that holds its answers.
    ATTEMPT_TIMEOUT_MS: "300000",
    SEND_DEADLINE_MS: "300000",
  })._unsafeUnwrap();
  const logger = pino(destination({ dest: "/dev/null", sync: false }));
  const service = createService({ config, logger, store });
  service.sender.start();
  return startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
}
