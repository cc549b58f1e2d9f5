import { traceFields } from "@message-sender/http-adapter/outbound";

import type { Logger } from "../logger-port.ts";
import type { LogRedaction } from "./log-redaction.ts";

/** Adds the current trace to each line, and takes out of it what no line may say. */
export function redactedLogger(logger: Logger, redaction: LogRedaction): Logger {
  const messages = new Map<string, string>();

  /** Most lines have one of a few messages. */
  function messageOf(message: string): string {
    const known = messages.get(message);
    if (known !== undefined) return known;
    const clean = redaction.text(message);
    if (messages.size < mostMessages) messages.set(message, clean);
    return clean;
  }

  const at =
    (level: keyof Logger) =>
    (fields: object, message: string): void =>
      logger[level](withTrace(fields, redaction.fields(fields)), messageOf(message));
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** The lines of the HTTP app have their trace already. */
function withTrace(given: object, clean: Readonly<Record<string, unknown>>): object {
  return "trace_id" in given ? clean : { ...clean, ...traceFields() };
}

const mostMessages = 1000;
