import { createInMemoryStore, createManualClock } from "../in-memory/index.ts";
import type { QuotaLedger } from "../ports/quota-ledger.ts";
import { describeQuotaLedgerContract, quotaLedgerContract } from "./quota-ledger-contract.ts";
import { describeSabotage } from "./sabotage.ts";
import type { StoreSubject } from "./store-subject.ts";

const setup = (): StoreSubject => {
  const clock = createManualClock();
  return { ...createInMemoryStore({ clock }), clock, advance: clock.advance };
};

const broken = (change: (ledger: QuotaLedger) => Partial<QuotaLedger>) => (subject: StoreSubject) => ({
  ...subject,
  quotaLedger: { ...subject.quotaLedger, ...change(subject.quotaLedger) },
});

describeQuotaLedgerContract({ name: "in-memory store", setup });

describeSabotage(quotaLedgerContract, {
  setup,
  sabotages: {
    "Records a block before its first unit is used": broken((ledger) => ({
      open: (block) => ledger.open({ ...block, expiresAt: new Date(block.expiresAt.toUTCString()) }),
    })),
    "Opening it again changes nothing": broken((ledger) => {
      const opened: string[] = [];
      return {
        open(block) {
          opened.push(block.id);
          return ledger.open(block);
        },
        unsettled: () =>
          ledger
            .unsettled()
            .map((rows) => rows.flatMap((row) => opened.filter((id) => id === row.block.id).map(() => row))),
      };
    }),
    "the units that messages still hold of it, as the message store's rows say": broken((ledger) => {
      const most = new Map<string, number>();
      return {
        unsettled: () =>
          ledger.unsettled().map((rows) =>
            rows.map(({ block, used }) => {
              most.set(block.id, Math.max(used, most.get(block.id) ?? 0));
              return { block, used: most.get(block.id) ?? 0 };
            }),
          ),
      };
    }),
    "Forgets a block that is settled for good": broken((ledger) => ({
      close: (block) =>
        ledger.unsettled().andThen((rows) => {
          const isUsed = rows.some((row) => row.block.id === block.id && row.used > 0);
          return isUsed ? ledger.open(block) : ledger.close(block);
        }),
    })),
    "Closing it again changes nothing": broken((ledger) => {
      const closed = new Set<string>();
      return {
        close(block) {
          if (closed.has(block.id)) return ledger.open(block);
          closed.add(block.id);
          return ledger.close(block);
        },
      };
    }),
  },
});
