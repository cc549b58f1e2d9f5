import type { DatabaseSync } from "node:sqlite";

import type { ListPath } from "@message-sender/core/adapter";

import { prepare, type Statement } from "./statement.ts";

export interface MessageListProcedures {
  /**
   * Looks at up to `scanLimit` messages after a position, in the order of the list, until `limit` of them match. Returns those, and
   * the last position that it looked at, or null if nothing is left.
   */
  list(path: ListPath, filter: FilterRow, after: PositionRow, limit: number, scanLimit: number): ListAnswer;
}

export type FilterRow = {
  /** The only tenant. */
  readonly tenant: string | null;
  /** A JSON array of the tenants, if there are several. */
  readonly tenants: string | null;
  readonly outlet: string | null;
  readonly conversation: string | null;
  readonly recipient: string | null;
  readonly reference: string | null;
  readonly status: string | null;
  readonly since: number;
};
export type PositionRow = readonly [acceptedAt: number, number: number];
type FoundRow = readonly [acceptedAt: number, number: number, document: string];
export type ListAnswer = readonly [found: readonly FoundRow[], stoppedAt: PositionRow | null];

type LookedAt = readonly [acceptedAt: number, number: number, document: string | null];

/** How many rows are sorted at most. Without one tenant, the rows of a conversation are not in the order of time. */
const mostSorted = 1000;

/** One statement for each index. All have the same parameters. */
export function createMessageListProcedures(database: DatabaseSync): MessageListProcedures {
  function walk(index: string, key: string): Statement<LookedAt> {
    return prepare(
      database,
      `SELECT accepted_at, number, iif(
         ($tenant IS NULL OR tenant_id = $tenant)
           AND ($tenants IS NULL OR tenant_id IN (SELECT value FROM json_each($tenants)))
           AND ($outlet IS NULL OR outlet_id = $outlet)
           AND ($conversation IS NULL OR conversation_id = $conversation)
           AND ($recipient IS NULL OR recipient = $recipient)
           AND ($reference IS NULL OR reference = $reference)
           AND ($status IS NULL OR status = $status),
         document, NULL)
       FROM messages INDEXED BY ${index}
       WHERE ${key} AND accepted_at >= $since AND (accepted_at, number) < ($acceptedAt, $number)
       ORDER BY accepted_at DESC, number DESC`,
    );
  }

  /** Walks the rows of one tenant, sorts a few rows of several, and walks the rows of all tenants if there are more. */
  function walkByTenant(index: string, name: "tenants" | "conversation" | "recipient" | "reference", key: string) {
    const few = prepare<[number]>(
      database,
      `SELECT count(*) <= ${mostSorted} FROM (
         SELECT 1 FROM messages INDEXED BY ${index} WHERE ${key.replace(`$${name}`, "?")} LIMIT ${mostSorted} + 1)`,
    );
    const ofTenant = walk(index, name === "tenants" ? "tenant_id = $tenant" : `${key} AND tenant_id = $tenant`);
    const sorted = walk(index, key);
    return (filter: FilterRow): Statement<LookedAt> => {
      if (filter.tenant !== null) return ofTenant;
      return few.get(filter[name])?.[0] ? sorted : byAge;
    };
  }

  const byAge = walk("messages_by_age", "true");
  const attention = walk("messages_needing_attention", "needs_attention = 1");
  const attentionOfTenant = walk("messages_needing_attention_by_tenant", "needs_attention = 1 AND tenant_id = $tenant");
  const severalTenants = "tenant_id IN (SELECT value FROM json_each($tenants))";
  const statements: Readonly<Record<ListPath, (filter: FilterRow) => Statement<LookedAt>>> = {
    age: () => byAge,
    attention: ({ tenant }) => (tenant === null ? attention : attentionOfTenant),
    tenant: walkByTenant("messages_by_tenant", "tenants", severalTenants),
    conversation: walkByTenant("messages_by_conversation", "conversation", "conversation_id = $conversation"),
    recipient: walkByTenant("messages_by_recipient", "recipient", "recipient = $recipient"),
    reference: walkByTenant("messages_by_reference", "reference", "reference = $reference"),
  };

  return {
    list(path, filter, [acceptedAt, number], limit, scanLimit) {
      const found: FoundRow[] = [];
      let lookedAt = 0;
      for (const [at, rowNumber, document] of statements[path](filter).each({ ...filter, acceptedAt, number })) {
        lookedAt += 1;
        if (document !== null) found.push([at, rowNumber, document]);
        if (found.length === limit || lookedAt === scanLimit) return [found, [at, rowNumber]];
      }
      return [found, null];
    },
  };
}
