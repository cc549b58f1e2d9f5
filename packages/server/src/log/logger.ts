import { type Logger, pino } from "pino";

import type { Settings } from "../settings/environment.ts";
import { printable, withoutInvisible } from "../printable.ts";

/** A logger whose lines contain no invisible characters and no terminal escapes, whatever is logged. */
export async function createLogger(
  isPretty: boolean,
  level: Settings["LOG_LEVEL"],
  output: { write(line: string): void },
  process?: number,
): Promise<Logger> {
  const format = isPretty ? await prettyLine() : (line: string) => line;
  const logger = pino(
    { level, timestamp: createTimestamp() },
    { write: (line: string) => output.write(withoutInvisible(format(line))) },
  );
  return process === undefined ? logger : logger.child({ process });
}

/** The time of a line as pino writes it. Lines of one millisecond share it. */
function createTimestamp(): () => string {
  let at = 0;
  let text = "";
  return () => {
    const now = Date.now();
    if (now !== at) text = `,"time":"${new Date(now).toISOString()}"`;
    at = now;
    return text;
  };
}

async function prettyLine(): Promise<(line: string) => string> {
  const { prettyFactory } = await import("pino-pretty");
  const prettify = prettyFactory({ ignore: "pid,hostname", translateTime: "SYS:HH:MM:ss.l" });
  return (line) => {
    const entry = JSON.parse(line) as { readonly msg?: string };
    return prettify({ ...entry, msg: printable(entry.msg ?? "") });
  };
}
