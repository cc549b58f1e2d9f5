import { traceFields } from "../../trace-context.ts";

/** Where the app logs. A pino logger fits. */
export interface Logger {
  /** What happened in normal operation. */
  info(fields: object, message: string): void;
  /** What somebody should look at. */
  warn(fields: object, message: string): void;
  /** What went wrong. */
  error(fields: object, message: string): void;
}

export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * Adds the current trace to each line that has none. A logger that throws must not change an answer: the message may have been sent already. Its
 * errors are dropped.
 */
export function safeLogger(logger: Logger): Logger {
  const safely =
    (level: keyof Logger) =>
    (fields: object, message: string): void => {
      try {
        logger[level]("trace_id" in fields ? fields : { ...fields, ...traceFields() }, message);
      } catch {
        // An error of the logger cannot be logged.
      }
    };
  return { info: safely("info"), warn: safely("warn"), error: safely("error") };
}
