import { expect, it } from "vitest";

import type { LogLevel } from "../logger-port.ts";
import { createLogRedaction } from "./log-redaction.ts";
import { redactedLogger } from "./redacted-logger.ts";

const levels = ["debug", "info", "warn", "error"] as const;

function loggerThatKeeps(isLevelEnabled?: (level: LogLevel) => boolean) {
  const lines: unknown[] = [];
  const keep = (level: LogLevel) => (fields: object, message: string) => void lines.push([level, fields, message]);
  const logger = { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") };
  return { lines, logger: { ...logger, ...(isLevelEnabled && { isLevelEnabled }) } };
}

it("passes on lines without what no line may say", () => {
  const { lines, logger } = loggerThatKeeps();
  const redacted = redactedLogger(logger, createLogRedaction());
  for (const level of levels) redacted[level]({ to: "+628123456789" }, "sent to 628123456789");
  expect(lines).toEqual(levels.map((level) => [level, { to: "+•••6789" }, "sent to •••6789"]));
});

it("looks at no field of a line whose level is off, at any time", () => {
  let on: readonly LogLevel[] = ["warn", "error"];
  const { lines, logger } = loggerThatKeeps((level) => on.includes(level));
  const redacted = redactedLogger(logger, createLogRedaction());
  const unread = {
    get field(): string {
      throw new Error("was read");
    },
  };
  redacted.debug(unread, "a line");
  redacted.info(unread, "a line");
  redacted.warn({}, "a line");
  expect(lines).toEqual([["warn", {}, "a line"]]);
  on = levels;
  expect(() => redacted.info(unread, "a line")).toThrow("was read");
});
