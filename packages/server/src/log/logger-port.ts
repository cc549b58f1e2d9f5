import type { Logger as HttpLogger } from "@message-sender/http-adapter/inbound";

/** Where the log goes; pino's loggers fit. */
export interface Logger extends HttpLogger {
  debug(fields: object, message: string): void;
}

export const silentLogger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
