import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import {
  backlogContract,
  clockContract,
  credentialsContract,
  erasureContract,
  historyContract,
  idsContract,
  mediaContract,
  messageStoreContract,
  outboxContract,
  pacerContract,
  parkedStatusesContract,
  quotaContract,
  quotaCountersContract,
  quotaLedgerContract,
  recipientsContract,
  readReceiptsContract,
  retentionContract,
  statusCallbacksContract,
  storeHealthContract,
  transportContract,
  webhookInboxContract,
} from "./index.ts";

const contracts = [
  backlogContract,
  clockContract,
  credentialsContract,
  erasureContract,
  historyContract,
  idsContract,
  mediaContract,
  messageStoreContract,
  outboxContract,
  pacerContract,
  parkedStatusesContract,
  quotaContract,
  quotaCountersContract,
  quotaLedgerContract,
  recipientsContract,
  readReceiptsContract,
  retentionContract,
  statusCallbacksContract,
  storeHealthContract,
  transportContract,
  webhookInboxContract,
].map(({ port, cases }) => ({ port, promises: cases.map(({ name }) => name) }));

/** The text of a port's file without what only makes it a comment. */
function promisesOf(port: string): string {
  const file = port.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  return readFileSync(new URL(`../ports/${file}.ts`, import.meta.url), "utf8").replaceAll(/\s*\n\s*\*?\s*/g, " ");
}

describe.each(contracts)("the contract of $port", ({ port, promises }) => {
  it.each(promises)("has its words from the port: %s", (promise) => {
    expect(promisesOf(port)).toContain(promise);
  });

  it("names no promise twice", () => {
    expect(new Set(promises).size).toBe(promises.length);
  });
});
