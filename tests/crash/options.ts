import { parseArgs } from "node:util";

import { type StoreName, storeNames } from "./driver/store.ts";

export interface Options {
  readonly stores: readonly StoreName[];
  /** On each store. Undefined: at each failpoint, on one of the stores. */
  readonly kills: number | undefined;
  readonly seed: number;
  readonly long: boolean;
  /** Only the campaigns of two processes. */
  readonly queued: boolean;
}

const longKills = 500;

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      long: { type: "boolean", default: false },
      queued: { type: "boolean", default: false },
      store: { type: "string" },
      kills: { type: "string" },
      seed: { type: "string" },
    },
  });
  const stores = storeNames.filter((name) => values.store === undefined || values.store === name);
  if (stores.length === 0) throw new Error("--store must be sqlite or postgres");
  const kills = values.kills === undefined ? undefined : wholeNumber("--kills", values.kills);
  return {
    stores,
    kills: kills ?? (values.long ? Math.ceil(longKills / stores.length) : undefined),
    seed: values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : wholeNumber("--seed", values.seed),
    long: values.long,
    queued: values.queued,
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new Error(`${name} must be a whole number`);
  return Number(text);
}
