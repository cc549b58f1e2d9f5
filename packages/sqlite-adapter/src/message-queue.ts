import {
  decodeEachStored,
  decodeMessage,
  decodeStored,
  type LineRef,
  type LineState,
  type MessageQueue,
  type SteadyTime,
} from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";
import type { HeadRow, LineRow } from "./procedures/message-queue.ts";

export function createMessageQueue({ call }: GroupCommit, time: SteadyTime): MessageQueue {
  return {
    claim: (limit) => call("claimLines", limit, time.now()).map((lines) => lines.map(lineOf)),
    heads: (lines, each) =>
      call("headMessages", lines.map(lineRow), each, time.now()).andThen((rows) => {
        const damaged = damagedIn(rows);
        const decoded = decodeEachStored(rows, ([, document]) => decodeMessage(document));
        if (damaged.length === 0) return decoded;
        return call("setAside", damaged, time.now() + damagedForMs).andThen(() => decoded);
      }),
    release: (lines) => call("releaseLines", lines.map(lineRow)),
    depth: (tenantId, upTo) => call("queueDepth", tenantId, upTo),
    state({ tenantId = null, limit, upTo }) {
      const now = time.now();
      return call("queueState", tenantId, limit, upTo, now).map((rows) =>
        rows.map(([tenant, outlet, open, due, firstDueAt, isHeld]): LineState => ({
          ...lineOf([tenant, outlet]),
          open,
          due,
          dueForMs: firstDueAt === null ? 0 : Math.max(0, now - firstDueAt),
          ...(firstDueAt !== null && { nextDueAt: time.toWall(firstDueAt) }),
          isHeld: isHeld === 1,
        })),
      );
    },
  };
}

/** A message that cannot be read would stay the first of its line. It is looked at again later. */
const damagedForMs = 3_600_000;

function damagedIn(rows: readonly HeadRow[]): readonly string[] {
  return rows.filter(([, document]) => decodeStored(document, decodeMessage).isErr()).map(([id]) => id);
}

function lineOf([tenantId, outletId]: LineRow): LineRef {
  return { tenantId, outletId };
}

function lineRow({ tenantId, outletId }: LineRef): LineRow {
  return [tenantId, outletId];
}
