import type { MessageFilter } from "@message-sender/core/adapter";
import { exampleMessage, exampleOutcomes, exampleTime, withIntent, withOutcome } from "@message-sender/core/contracts";
import { expect, it } from "vitest";

import { usePostgres } from "../../../../tests/support/postgres.ts";
import { openStore } from "../../test/stores.ts";

const postgres = usePostgres();
const count = 4000;

/** Each filter, and the index that its list must read: any other one would be far slower over a million messages. */
const indexes: readonly (readonly [index: string, filter: MessageFilter])[] = [
  ["messages_by_age", {}],
  ["messages_by_age", { status: "read", since: exampleTime }],
  ["messages_by_tenant", { tenantIds: ["tenant-1"] }],
  ["messages_by_tenant", { tenantIds: ["tenant-2"], outletId: "nowhere", status: "sent", until: new Date() }],
  ["messages_by_tenant", { tenantIds: ["tenant-2", "tenant-3"] }],
  ["messages_by_conversation", { conversationId: "conversation-7" }],
  ["messages_by_conversation", { tenantIds: ["tenant-1"], conversationId: "conversation-7", to: "+628123456789" }],
  ["messages_by_recipient", { tenantIds: ["tenant-1"], to: "+628123456789", status: "failed" }],
  ["messages_by_reference", { reference: "order-8" }],
  ["messages_by_reference", { tenantIds: ["tenant-1"], reference: "order-8", to: "+628123456789" }],
  ["messages_needing_attention", { status: "failed" }],
  ["messages_needing_attention_by_tenant", { tenantIds: ["tenant-1"], status: "failed", outletId: "outlet-1" }],
];

/** How many entries of each index of messages were read. A connection reports it when it is closed. */
async function readsOf(schema: string): Promise<ReadonlyMap<string, number>> {
  const rows = await postgres.query(
    "SELECT indexrelname AS name, idx_tup_read AS reads FROM pg_stat_user_indexes WHERE schemaname = $1 AND relname = 'messages_default'",
    [schema],
  );
  return new Map(rows.map(({ name, reads }) => [String(name).replace("_default", ""), Number(reads)]));
}

it.each(["without statistics", "with statistics"])("each list reads its own index, %s", async (kind) => {
  const schema = postgres.freshSchema();
  const filling = await openStore(postgres.url, schema);
  const failed = { ...exampleOutcomes.Refused, final: true };
  for (let first = 0; first < count; first += 500) {
    const accepted = Array.from({ length: 500 }, async (_, index) => {
      const number = first + index;
      const base = exampleMessage({
        tenantId: number % 100 === 0 ? "tenant-2" : "tenant-1",
        conversationId: `conversation-${number % 100}`,
        acceptedAt: new Date(exampleTime.getTime() + number),
      });
      const request = { ...base.request, ...(number % 2 === 0 && { reference: `order-${number % 500}` }) };
      const outcome = number % 50 === 0 ? failed : exampleOutcomes.Accepted;
      const message = { ...withOutcome(withIntent({ ...base, request }), outcome), revision: 1 };
      const concluded =
        number % 50 === 0 ? { ...message, conclusion: { as: "refused", at: exampleTime } as const } : message;
      return (await filling.messages.accept(concluded))._unsafeUnwrap();
    });
    await Promise.all(accepted);
  }
  await filling.close();
  if (kind === "with statistics") await postgres.query(`ANALYZE ${schema}.messages`);
  for (const [index, filter] of indexes) {
    const store = await openStore(postgres.url, schema);
    const before = await readsOf(schema);
    (await store.messages.list({ ...filter, limit: 5 }))._unsafeUnwrap();
    await store.close();
    const read = async () => {
      const after = await readsOf(schema);
      // The planner itself reads an entry at either end of an index, to know how many are between two values.
      const names = [...after].filter(([name, reads]) => reads > (before.get(name) ?? 0) + 4).map(([name]) => name);
      // The documents of those that matched are looked up by their ids.
      return names.filter((name) => name !== "messages_pkey");
    };
    await expect.poll(read, { message: JSON.stringify(filter) }).toEqual([index]);
  }
});
