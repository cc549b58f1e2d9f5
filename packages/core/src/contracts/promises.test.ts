import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import {
  backlogContract,
  clockContract,
  credentialsContract,
  erasureContract,
  historyContract,
  idsContract,
  mediaContract,
  messageQueueContract,
  messageStoreContract,
  outboxContract,
  pacerContract,
  parkedStatusesContract,
  processLeaseContract,
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
  messageQueueContract,
  messageStoreContract,
  outboxContract,
  pacerContract,
  parkedStatusesContract,
  processLeaseContract,
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

const ports = new URL("../ports/", import.meta.url);

/** The text of a port's file without what only makes it a comment. */
function promisesOf(port: string): string {
  const name = port.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const [path, ...others] = globSync(`**/${name}.ts`, { cwd: ports });
  if (path === undefined || others.length > 0) throw new Error(`Not one file of this name: ${name}.ts`);
  return readFileSync(new URL(path, ports), "utf8").replaceAll(/\s*\n\s*\*?\s*/g, " ");
}

describe.each(contracts)("the contract of $port", ({ port, promises }) => {
  it.each(promises)("has its words from the port: %s", (promise) => {
    expect(promisesOf(port)).toContain(promise);
  });

  it("names no promise twice", () => {
    expect(new Set(promises).size).toBe(promises.length);
  });
});
