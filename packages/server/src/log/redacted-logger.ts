import { traceFields } from "@message-sender/http-adapter/outbound";

import type { Logger, LogLevel } from "../logger-port.ts";
import type { LogRedaction } from "./log-redaction.ts";

/** Adds the current trace to each line, and takes out of it what no line may say. A line of a level that is off costs nothing. */
export function redactedLogger(logger: Logger, redaction: LogRedaction): Logger {
  const isLevelEnabled = (level: LogLevel): boolean => logger.isLevelEnabled?.(level) ?? true;
  const at =
    (level: LogLevel) =>
    (fields: object, message: string): void => {
      if (isLevelEnabled(level)) logger[level](redaction.fields(withTrace(fields)), redaction.text(message));
    };
  return { isLevelEnabled, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** The lines of the HTTP app have their trace already. */
function withTrace(fields: object): object {
  return "trace_id" in fields ? fields : { ...fields, ...traceFields() };
}
