import fc from "fast-check";
import { type Logger, pino } from "pino";
import { expect, it } from "vitest";

import { withFastLines } from "./fast-lines.ts";

/** What a logger writes, and how many of the lines pino put together itself. */
function written(isFast: boolean, log: (logger: Logger) => void): { readonly lines: string; readonly byPino: number } {
  let lines = "";
  let byPino = 0;
  const logger = pino(
    { level: "trace", timestamp: () => `,"time":"2026-11-29T14:00:00.000Z"` },
    { write: (line: string) => void (lines += line) },
  );
  const { asJsonSym } = pino.symbols;
  const itself = Reflect.get(logger, asJsonSym) as (this: unknown, ...given: unknown[]) => string;
  Reflect.set(logger, asJsonSym, function counted(this: unknown, ...given: unknown[]) {
    byPino += 1;
    return itself.apply(this, given);
  });
  log(isFast ? withFastLines(logger) : logger);
  return { lines, byPino };
}

function sameLines(log: (logger: Logger) => void): number {
  const fast = written(true, log);
  expect(fast.lines).toBe(written(false, log).lines);
  expect(fast.lines).toMatch(/\n$/);
  return fast.byPino;
}

const leaf = fc.oneof(
  // pino does not escape half of a surrogate pair. `withoutInvisible` does that afterwards.
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined, () => {}, new Date(0), new Date(Number.NaN)),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value")), fc.dictionary(fc.string(), tie("value"))),
}));

it("writes what pino writes", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), fc.string(), (fields, message) => {
      sameLines((logger) => logger.info(fields, message));
    }),
  );
});

it("has a logger's children write what pino's write", () => {
  const log = (logger: Logger): void => logger.child({ process: 2 }).warn({ status: "sent" }, "message sent");
  expect(sameLines(log)).toBe(0);
});

const cyclic: Record<string, unknown> = { status: "sent" };
cyclic["itself"] = cyclic;

it.each<[string, object]>([
  ["an error", new Error("away")],
  ["fields with an error", { err: new TypeError("away") }],
  ["fields that encode themselves", { status: "sent", toJSON: () => ({ status: "hidden" }) }],
  ["a list", ["sent", "failed"]],
  ["a time", new Date(0)],
  ["a text that is an object", Object("sent") as object],
  ["a bigint", { count: 5n }],
  ["a cycle", cyclic],
])("leaves %s to pino", (_, fields) => {
  expect(sameLines((logger) => logger.info(fields, "request"))).toBe(1);
});

it("encodes no fields, and no message", () => {
  expect(sameLines((logger) => logger.info({}, "request"))).toBe(0);
  expect(sameLines((logger) => logger.info({ status: "sent" }))).toBe(0);
});
