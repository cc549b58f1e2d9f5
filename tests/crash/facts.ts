import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Accounts, ClientEvent, OracleEvent } from "./events.ts";
import { readLog } from "./log.ts";
import type { StoredMessage } from "./stored-message.ts";

/** The evidence of a run, which is all that the checker uses. */
export interface Facts {
  readonly oracle: readonly OracleEvent[];
  readonly clients: readonly ClientEvent[];
  readonly messages: readonly StoredMessage[];
  readonly openBlocks: readonly unknown[];
  readonly accounts: Accounts;
}

export interface Violation {
  readonly rule: string;
  readonly what: string;
  readonly evidence: readonly unknown[];
}

export type Rule = (facts: Facts) => Violation[];

export function readFacts(folder: string): Facts {
  const json = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
  const { documents, openBlocks } = json<{ documents: StoredMessage[]; openBlocks: unknown[] }>("store.json");
  return {
    oracle: readLog<OracleEvent>(join(folder, "oracle.jsonl")),
    clients: readLog<ClientEvent>(join(folder, "clients.jsonl")),
    messages: documents,
    openBlocks,
    accounts: json<Accounts>("accounts.json"),
  };
}
