import type { QuotaLedger, UnsettledBlock } from "../../ports/store/quota-ledger.ts";
import { breaking, inMemoryStore } from "../../../test/in-memory-store.ts";
import { describeQuotaLedgerContract, quotaLedgerContract } from "./contract.ts";
import { quotaRequestSabotages } from "../../../test/sabotages/quota-requests.ts";
import { describeSabotage } from "../sabotage.ts";

const setup = inMemoryStore;
const broken = (change: (ledger: QuotaLedger) => Partial<QuotaLedger>) => breaking("quotaLedger", change);

const brokenRows = (spoil: (row: UnsettledBlock) => Partial<UnsettledBlock>) =>
  broken((ledger) => ({
    unsettled: () => ledger.unsettled().map((rows) => rows.map((row) => ({ ...row, ...spoil(row) }))),
  }));

describeQuotaLedgerContract({ name: "in-memory store", setup });

describeSabotage(quotaLedgerContract, {
  setup,
  sabotages: {
    "Records a block before its first unit is used": broken((ledger) => ({
      open: (block, requestId) =>
        ledger.open({ ...block, expiresAt: new Date(block.expiresAt.toUTCString()) }, requestId),
    })),
    "Opening it again changes nothing": broken((ledger) => {
      const opened: string[] = [];
      return {
        open(block, requestId) {
          opened.push(block.id);
          return ledger.open(block, requestId);
        },
        unsettled: () =>
          ledger
            .unsettled()
            .map((rows) => rows.flatMap((row) => opened.filter((id) => id === row.block.id).map(() => row))),
      };
    }),
    "the units of it that messages hold, by the rows of the message store": broken((ledger) => {
      const most = new Map<string, number>();
      return {
        unsettled: () =>
          ledger.unsettled().map((rows) =>
            rows.map(({ used, ...row }) => {
              const { id } = row.block;
              most.set(id, Math.max(used, most.get(id) ?? 0));
              return { ...row, used: most.get(id) ?? 0 };
            }),
          ),
      };
    }),
    "Forgets a block that is settled for good": broken((ledger) => ({
      close: (block) =>
        ledger.unsettled().andThen((rows) => {
          const isUsed = rows.some((row) => row.block.id === block.id && row.used > 0);
          return isUsed ? ledger.open(block, "") : ledger.close(block);
        }),
    })),
    "Closing it again changes nothing": broken((ledger) => {
      const closed = new Set<string>();
      return {
        close(block) {
          if (closed.has(block.id)) return ledger.open(block, "");
          closed.add(block.id);
          return ledger.close(block);
        },
      };
    }),
    "A block of which no message holds a unit has 0": broken((ledger) => {
      let blocks = 0;
      return {
        open(block, requestId) {
          blocks += 1;
          return ledger.open(block, requestId);
        },
        unsettled: () =>
          ledger
            .unsettled()
            .map((rows) => (blocks === 1 && rows[0]?.used === 0 ? rows.map((row) => ({ ...row, used: 1 })) : rows)),
      };
    }),
    "How many of those belong to unfinished messages and may be returned": [
      brokenRows((row) => ({ unfinished: row.used })),
      brokenRows(() => ({ unfinished: 0 })),
    ],
    "A block is open again once a commit recounts a unit of it": (subject) => {
      const closed = new Set<string>();
      return {
        ...subject,
        quotaLedger: {
          ...subject.quotaLedger,
          close(block) {
            closed.add(block.id);
            return subject.quotaLedger.close(block);
          },
          unsettled: () =>
            subject.quotaLedger
              .unsettled()
              .map((rows) =>
                rows.filter(({ block, isRecounted }) => !(closed.has(block.id) && isRecounted && block.granted === 0)),
              ),
        },
      };
    },
    "`isRecounted` says so the first time that it is listed": [
      broken((ledger) => ({
        unsettled: () => ledger.unsettled().map((rows) => rows.map(({ isRecounted: _, ...row }) => row)),
      })),
      broken((ledger) => {
        const ever = new Set<string>();
        return {
          unsettled: () =>
            ledger.unsettled().map((rows) =>
              rows.map((row) => {
                if (row.isRecounted) ever.add(row.block.id);
                return { ...row, ...(ever.has(row.block.id) && { isRecounted: true as const }) };
              }),
            ),
        };
      }),
    ],
    "unless a unit of it was recounted since it was last listed": broken((ledger) => ({
      close: (block) => ledger.unsettled().andThen(() => ledger.close(block)),
    })),
    "A message that was moved to another block holds a unit of that block": (subject) => {
      const blockOf = new Map<string, string>();
      return {
        ...subject,
        messages: {
          ...subject.messages,
          accept(message) {
            blockOf.set(message.id, message.quotaBlockId);
            return subject.messages.accept(message);
          },
          commit(change) {
            const quotaBlockId = blockOf.get(change.next.id) ?? "";
            return subject.messages.commit({ ...change, next: { ...change.next, quotaBlockId } });
          },
        },
      };
    },
    ...quotaRequestSabotages,
  },
});
