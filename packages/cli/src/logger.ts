import { destination, type Logger, pino } from "pino";
import pretty from "pino-pretty";

import type { Config } from "./config.ts";

/** Logs to standard output: JSON for machines, or pretty for people, which is the default on a terminal. */
export function createLogger({ LOG_LEVEL, LOG_FORMAT }: Config): Logger {
  const format = LOG_FORMAT ?? (process.stdout.isTTY ? "pretty" : "json");
  const stream =
    format === "pretty"
      ? pretty({ sync: true, ignore: "pid,hostname", translateTime: "SYS:HH:MM:ss.l" })
      : destination({ dest: 1, sync: false });
  return pino({ level: LOG_LEVEL, timestamp: () => `,"time":"${new Date().toISOString()}"` }, stream);
}
