import type { Logger as HttpLogger } from "@message-sender/http-adapter/inbound";

/** The logger of a service. A pino logger fits. */
export interface Logger extends HttpLogger {
  /** What only helps to find a fault. */
  debug(fields: object, message: string): void;
  /** Whether lines of a level are written, so that no line is made for nothing. Without it, each level counts as on. */
  isLevelEnabled?(level: LogLevel): boolean;
}

/** The levels of a log. */
export type LogLevel = "debug" | "info" | "warn" | "error";
