import type { PostgresInspection } from "@message-sender/postgres-adapter";

import { type Check, warned } from "../check.ts";
import { sizeText } from "./disk.ts";

/** Messages of a day are dropped with their partition. Those of the default partition are deleted one by one. */
export function partitionsOf({ defaultPartition }: Pick<PostgresInspection, "defaultPartition">): readonly Check[] {
  if (!defaultPartition?.isLarge || defaultPartition.isBeingAttached) return [];
  const problem = `the default partition has ${sizeText(defaultPartition.bytes)}, so that no partition is made beside it: old messages are deleted one by one, which costs more than accepting them`;
  return [warned("partitions of PostgreSQL", problem, advice)];
}

const advice =
  "start a server, which attaches it as a partition if it can. If this warning stays, an embedder may have given ids that are no UUIDv7: use UUIDv7. Otherwise no partition could be made for a while: once the messages are past their retention, stop the servers and run VACUUM FULL on message_sender.messages_default and message_sender.wamids_default";
