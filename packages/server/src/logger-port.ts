import type { Logger as HttpLogger } from "@message-sender/http-adapter/inbound";

/** The logger of a service. A pino logger fits. */
export interface Logger extends HttpLogger {
  debug(fields: object, message: string): void;
}
