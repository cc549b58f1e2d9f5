import type { LineRef, LineState, MessageQueue, SteadyTime } from "@message-sender/core/adapter";
import { decodeEachStored, decodeMessage, decodeStored } from "@message-sender/core/adapter";
import { okAsync, ResultAsync } from "neverthrow";

import type { Database } from "./database/database.ts";
import { toUnavailable } from "./database/failure.ts";
import { done, rowsOf } from "./database/rows-of.ts";
import type { Heartbeat } from "./processes/heartbeat.ts";

interface LineRow {
  readonly tenant_id: string;
  readonly outlet_id: string;
}

interface HeadRow {
  readonly id: string;
  readonly document: string;
}

interface StateRow extends LineRow {
  readonly open: number;
  readonly due: number;
  readonly first_due_at: Date | null;
  readonly is_held: boolean;
}

const claimLines = { name: "claim lines", text: "SELECT * FROM claim_lines($1, $2, $3)" };
const headMessages = { name: "heads", text: "SELECT * FROM head_messages($1, $2, $3, $4, $5)" };
const setAside = {
  name: "set aside",
  text: "UPDATE messages SET due_at = $2, delays_until = NULL WHERE id = ANY ($1) AND due_at IS NOT NULL",
};
const releaseLines = { name: "release lines", text: "SELECT release_lines($1, $2, $3)" };
const depth = { name: "depth", text: "SELECT queue_depth($1, $2) AS depth" };
const state = { name: "queue state", text: "SELECT * FROM queue_state($1, $2, $3, $4)" };

/**
 * The queue of one process. If it cannot know what it holds, because the answer to a claim or a release was lost, it gives up its lease and
 * holds nothing from its next heartbeat on.
 */
export function createMessageQueue(
  database: Database,
  owner: string,
  time: SteadyTime,
  heartbeat: Pick<Heartbeat, "lease" | "claims" | "giveUp" | "leases">,
): MessageQueue {
  const { lease, claims, giveUp, leases } = heartbeat;

  return {
    claim(limit) {
      if (lease.validForMs() === 0) return okAsync([]);
      claims();
      const claimedUnder = leases();
      const values = [owner, limit, new Date(time.now())];
      return ResultAsync.fromPromise(database.run<LineRow>(claimLines, values), toUnavailable)
        .orTee(giveUp)
        .map(({ rows, repeated }) => {
          // Claimed under a lease that is over: the heartbeat that ended it may have come before the claim, and left these lines held.
          const isLost = repeated || lease.validForMs() === 0 || leases() !== claimedUnder;
          if (isLost) giveUp();
          return isLost ? [] : rows.map(lineOf);
        });
    },
    heads(lines, each) {
      if (lines.length === 0) return okAsync([]);
      const values = [owner, ...columnsOf(lines), each, new Date(time.now())];
      return rowsOf<HeadRow>(database, headMessages, values).andThen((rows) => {
        const damaged = damagedIn(rows);
        const decoded = decodeEachStored(rows, ({ document }) => decodeMessage(document));
        if (damaged.length === 0) return decoded;
        return done(database, setAside, [damaged, new Date(time.now() + damagedForMs)]).andThen(() => decoded);
      });
    },
    release(lines) {
      if (lines.length === 0) return okAsync(undefined);
      return done(database, releaseLines, [owner, ...columnsOf(lines)]).orTee(giveUp);
    },
    depth: (tenantId, upTo) =>
      rowsOf<{ depth: number }>(database, depth, [tenantId, upTo]).map(([row]) => row?.depth ?? 0),
    state({ tenantId = null, limit, upTo }) {
      const now = time.now();
      return rowsOf<StateRow>(database, state, [tenantId, limit, upTo, new Date(now)]).map((rows) =>
        rows.map((row): LineState => {
          const firstMs = row.first_due_at?.getTime();
          return {
            ...lineOf(row),
            open: row.open,
            due: row.due,
            dueForMs: firstMs === undefined ? 0 : Math.max(0, now - firstMs),
            ...(firstMs !== undefined && { nextDueAt: time.toWall(firstMs) }),
            isHeld: row.is_held,
          };
        }),
      );
    },
  };
}

/** A message that cannot be read would stay the first of its line. It is looked at again later. */
const damagedForMs = 3_600_000;

function damagedIn(rows: readonly HeadRow[]): readonly string[] {
  return rows.filter(({ document }) => decodeStored(document, decodeMessage).isErr()).map(({ id }) => id);
}

function lineOf({ tenant_id: tenantId, outlet_id: outletId }: LineRow): LineRef {
  return { tenantId, outletId };
}

function columnsOf(lines: readonly LineRef[]): readonly [tenants: readonly string[], outlets: readonly string[]] {
  return [lines.map(({ tenantId }) => tenantId), lines.map(({ outletId }) => outletId)];
}
