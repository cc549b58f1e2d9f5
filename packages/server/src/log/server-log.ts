import { isatty } from "node:tty";

import type { Logger } from "../logger-port.ts";
import type { Settings } from "../settings/environment.ts";
import { createLogRedaction, type LogRedaction } from "./log-redaction.ts";
import { createLogOutput } from "./log-output.ts";
import { createLogger } from "./logger.ts";
import { printableLines } from "../printable.ts";
import { redactedLogger } from "./redacted-logger.ts";

/** Everything that a server prints: its log, and text for people. Printing never blocks: what a slow reader cannot take is dropped. */
export interface ServerLog {
  readonly logger: Logger;
  /** What the logger applies to each line. */
  readonly redaction: LogRedaction;
  readonly format: "json" | "pretty";
  /** Prints whole lines of another process's log as they are. */
  pass(lines: string): void;
  /** Prints a line, such as `listening on <url>`, at any log level: as plain text, or as the `msg` of a JSON line. */
  announce(line: string, facts: Readonly<Record<string, string | number>>): void;
  /** Prints text for people. In the JSON format it goes to standard error. */
  hint(text: string): void;
  /** Reports an uncaught error: in the log, and at any log level on standard error. */
  fail(error: unknown): void;
  /** Resolves when everything is printed, or after a second. */
  close(): Promise<void>;
}

const closeLimitMs = 1000;

type LogSettings = Pick<Settings, "LOG_LEVEL" | "LOG_FORMAT" | "LOG_NUMBERS">;

/** Prints JSON, or pretty text, which is the default on a terminal. `process`: the number of this process, in each line. */
export async function createServerLog(
  { LOG_LEVEL, LOG_FORMAT, LOG_NUMBERS: numbers }: LogSettings,
  process?: number,
): Promise<ServerLog> {
  const isPretty = (LOG_FORMAT ?? (isatty(1) ? "pretty" : "json")) === "pretty";
  const redaction = createLogRedaction({ numbers });
  const output = createLogOutput({
    fd: 1,
    onDropped: (lines) => printer.warn({ dropped_lines: lines }, "log lines were dropped: the reader is too slow"),
  });
  const printer = await createLogger(isPretty, LOG_LEVEL, output, process);
  const stderr = createLogOutput({ fd: 2 });

  return {
    logger: redactedLogger(printer, redaction),
    redaction,
    format: isPretty ? "pretty" : "json",
    pass: output.write,
    announce(line, facts) {
      if (isPretty) output.write(`${line}\n`);
      else printer.child({}, { level: "info" }).info(facts, line);
    },
    hint: (text) => (isPretty ? output : stderr).write(text),
    fail(error) {
      const text = redaction.text(error instanceof Error ? (error.stack ?? error.message) : String(error));
      printer.fatal({ stack: text }, "unexpected error: the server exits");
      stderr.write(`message-sender: ${printableLines(text)}\n`);
    },
    async close() {
      await Promise.all([output.close(closeLimitMs), stderr.close(closeLimitMs)]);
    },
  };
}
