import type { ClaimedEntry, Message, OutboxSettlement, R } from "@message-sender/core";
import {
  exampleEntries,
  exampleMessage,
  exampleOutcomes,
  oddText,
  type StoreSubject,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import { createInMemoryStore, createManualClock } from "@message-sender/core/in-memory";
import * as fc from "fast-check";
import { expect, it } from "vitest";

import { freshStore } from "../test/fresh-store.ts";

type Stores = Pick<StoreSubject, "messages" | "outbox" | "quotaLedger">;
type Step = (stores: Stores) => Promise<unknown> | R<unknown, unknown>;

const texts = fc.oneof(fc.constant(oddText), fc.string({ unit: "binary" }), fc.constant("\ud800 \u0000 \uffff"));
const few = fc.nat({ max: 3 });
const outcomes = fc.constantFrom(...Object.values(exampleOutcomes));
const ways = fc.constantFrom<"delivered" | "dead" | "retry">("delivered", "dead", "retry");

const moves = fc.oneof(
  fc.record({ do: fc.constant("accept" as const), key: fc.option(few), tenant: few, conversation: few, body: texts }),
  fc.record({
    do: fc.constant("commit" as const),
    message: fc.nat(),
    stale: fc.boolean(),
    outcome: outcomes,
    few,
    ends: fc.boolean(),
  }),
  fc.record({ do: fc.constant("find" as const), tenant: few, key: few, wamid: few, message: fc.nat() }),
  fc.record({ do: fc.constant("claim" as const) }),
  fc.record({ do: fc.constant("settle" as const), entry: fc.nat(), as: ways }),
  fc.record({ do: fc.constant("block" as const), block: few, open: fc.boolean() }),
  fc.record({ do: fc.constant("advance" as const), ms: fc.nat({ max: 60_000 }) }),
);

it("answers as the in-memory store does, whatever is asked of it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moves, { maxLength: 80 }), async (run) => {
      const subject = await freshStore({ synchronous: "normal" });
      const clock = createManualClock(subject.clock.now());
      const model = createInMemoryStore({ clock });
      const accepted: Message[] = [];
      const claimed: ClaimedEntry[] = [];

      async function both(step: Step): Promise<unknown> {
        const [expected, answer] = [await step(model), await step(subject)];
        expect(answer).toEqual(expected);
        return expected;
      }

      try {
        for (const move of run) {
          switch (move.do) {
            case "accept": {
              const message = exampleMessage({
                tenantId: `tenant-${move.tenant}`,
                conversationId: `conversation-${move.conversation}`,
                quotaBlockId: `block-${move.tenant}`,
                body: move.body,
                ...(move.key !== null && { key: { key: `key-${move.key}`, fingerprint: `${move.conversation}` } }),
              });
              accepted.push(message);
              await both(({ messages }) => messages.accept(message));
              break;
            }
            case "commit": {
              const known = accepted[move.message % accepted.length];
              if (!known) break;
              const stored = (await model.messages.find({ id: known.id }))._unsafeUnwrap();
              const before = withIntent((move.stale ? undefined : stored) ?? known);
              const outcome =
                move.outcome.kind === "Accepted" ? { ...move.outcome, wamid: `wamid.${move.few}` } : move.outcome;
              const { idempotencyKey, conclusion: _, ...open } = withOutcome(before, outcome);
              const next = {
                ...open,
                revision: before.revision,
                ...(move.ends && { conclusion: { as: "exhausted" as const, at: clock.now() } }),
              };
              const kept = move.few > 0 && before.idempotencyKey && idempotencyKey;
              await both(({ messages }) =>
                messages.commit({
                  next: kept ? { ...next, idempotencyKey: kept } : next,
                  outbox: exampleEntries(before, next),
                }),
              );
              break;
            }
            case "find":
              await both(({ messages }) =>
                messages.find({ id: accepted[move.message % accepted.length]?.id ?? "none" }),
              );
              await both(({ messages }) => messages.find({ wamid: `wamid.${move.wamid}` }));
              await both(({ messages }) =>
                messages.find({ tenantId: `tenant-${move.tenant}`, key: `key-${move.key}` }),
              );
              break;
            case "claim":
              claimed.push(...((await both(claimAll)) as readonly ClaimedEntry[]));
              break;
            case "settle": {
              const entry = claimed[move.entry % claimed.length];
              if (!entry) break;
              const as: OutboxSettlement =
                move.as === "retry" ? { retryAt: new Date(clock.now().getTime() + 5000) } : move.as;
              await both(({ outbox }) => outbox.settle([entry.id], as));
              break;
            }
            case "block": {
              const id = `block-${move.block}`;
              const block = { id, tenantId: "tenant-1", granted: 10, expiresAt: clock.now() };
              if (!move.open) await both(({ quotaLedger }) => quotaLedger.close(block));
              else if (!(await blocks(model)).includes(id)) await both(({ quotaLedger }) => quotaLedger.open(block));
              await both(async ({ quotaLedger }) =>
                (await quotaLedger.unsettled())._unsafeUnwrap().toSorted((a, b) => (a.block.id < b.block.id ? -1 : 1)),
              );
              break;
            }
            case "advance":
              await clock.advance(move.ms);
              await subject.advance(move.ms);
          }
        }
      } finally {
        await subject.close?.();
      }
    }),
    { numRuns: 40 },
  );
});

async function claimAll({ outbox }: Stores): Promise<readonly ClaimedEntry[]> {
  const claimed = (await outbox.claim({ limit: 1000, leaseMs: 30_000 }))._unsafeUnwrap();
  return claimed.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

async function blocks({ quotaLedger }: Stores): Promise<string[]> {
  return (await quotaLedger.unsettled())._unsafeUnwrap().map(({ block }) => block.id);
}
