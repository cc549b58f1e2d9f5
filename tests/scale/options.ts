import { parseArgs } from "node:util";

import type { RunOptions } from "./point.ts";
import { type PointName, pointNames } from "./points/points.ts";

/** `npm run test:scale -- [<point>…] [--short] [--store sqlite|postgres] [--processes N] [--messages N] [--graph emulator|fast]` */
export function readOptions(args: readonly string[]): Omit<RunOptions, "folder"> & { names: readonly PointName[] } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: "boolean", default: false },
      store: { type: "string" },
      processes: { type: "string" },
      messages: { type: "string" },
      graph: { type: "string", default: "fast" },
    },
  });
  const unknown = positionals.find((name) => !pointNames.includes(name as PointName));
  if (unknown !== undefined) throw new Error(`unknown point ${unknown}: one of ${pointNames.join(", ")}`);
  return {
    names: positionals.length === 0 ? pointNames : (positionals as PointName[]),
    short: values.short,
    graph: oneOf("--graph", values.graph, ["emulator", "fast"]) ?? "fast",
    store: oneOf("--store", values.store, ["sqlite", "postgres"]),
    processes: wholeNumber("--processes", values.processes),
    messages: wholeNumber("--messages", values.messages),
  };
}

function oneOf<Name extends string>(
  option: string,
  text: string | undefined,
  names: readonly Name[],
): Name | undefined {
  const found = names.find((name) => name === text);
  if (text !== undefined && found === undefined) throw new Error(`${option} must be ${names.join(" or ")}`);
  return found;
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9][0-9]{0,8}$/.test(text)) throw new Error(`${option} must be a whole number`);
  return text === undefined ? undefined : Number(text);
}
