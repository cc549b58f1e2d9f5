import { createInMemoryStore } from "@message-sender/core/in-memory";
import { createSystemClock } from "@message-sender/core/node";
import { startHttpServer } from "@message-sender/http-adapter/inbound";
import { destination, pino } from "pino";

// What is measured is the server as the command line puts it together.
// oxlint-disable-next-line no-restricted-imports
import { readConfig } from "../../packages/cli/src/config.ts";
// oxlint-disable-next-line no-restricted-imports
import { createService } from "../../packages/cli/src/container.ts";
import { run } from "../subject.ts";

/** The server as `serve` runs it, request log included. */
await run(async ({ graphUrl, tenantUrl, conversationUrl }) => {
  const config = readConfig({
    GRAPH_API_URL: graphUrl,
    TENANT_SERVICE_URL: tenantUrl,
    CONVERSATION_SERVICE_URL: conversationUrl,
  })._unsafeUnwrap();
  const logger = pino(destination({ dest: "/dev/null", sync: false }));
  const service = createService({ config, logger, store: createInMemoryStore({ clock: createSystemClock() }) });
  service.sender.start();
  return startHttpServer({ app: service.app, host: "127.0.0.1", port: 0 });
});
