import { type Logger, pino } from "pino";

/** What of a logger is needed to write a line (pino's docs, "pino.symbols"). */
type LineWriter = Logger & {
  [pino.symbols.asJsonSym]: LineOf;
  readonly [pino.symbols.lsCacheSym]: Readonly<Record<number, string>>;
  readonly [pino.symbols.chindingsSym]: string;
  readonly [pino.symbols.endSym]: string;
};

type LineOf = (this: LineWriter, fields: object, message: string | undefined, level: number, time: string) => string;

/**
 * Makes a logger and its children write the same lines for less. pino puts a line together from a hundred pieces, each an object: a
 * tenth of all memory that a send uses. Where it does more with the fields than encode them, it still does.
 */
export function withFastLines(logger: Logger): Logger {
  const writer = logger as LineWriter;
  const slowly = writer[pino.symbols.asJsonSym];

  writer[pino.symbols.asJsonSym] = function lineOf(fields, message, level, time) {
    const encoded = encodedPlainly(fields);
    if (encoded === undefined) return slowly.call(this, fields, message, level, time);
    const beginning = this[pino.symbols.lsCacheSym][level] + time + this[pino.symbols.chindingsSym];
    const members = encoded === "{}" ? "" : `,${encoded.slice(1, -1)}`;
    const text = message === undefined ? "" : `,"msg":${JSON.stringify(message)}`;
    return beginning + members + text + this[pino.symbols.endSym];
  };
  return writer;
}

/** The fields as JSON. Undefined for those that pino would encode in a way of its own. */
function encodedPlainly(fields: object): string | undefined {
  if ("err" in fields || "toJSON" in fields) return undefined;
  try {
    const encoded = JSON.stringify(fields);
    return encoded.startsWith("{") ? encoded : undefined;
  } catch {
    // A cycle, or a bigint.
    return undefined;
  }
}
