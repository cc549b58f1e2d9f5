import {
  exampleEntries,
  exampleEvents,
  exampleMessage,
  exampleOutcomes,
  oddText,
  withIntent,
  withOutcome,
} from "@message-sender/core/contracts";
import type { LineRef, MessagePage, MessagePosition } from "@message-sender/core/adapter";
import * as fc from "fast-check";

import { anyText } from "../../../tests/support/any-text.ts";
import { any, few, move, pick } from "./world.ts";

const limit = 1000;
export const texts = fc.oneof(fc.constant(oddText), anyText(), fc.constant("\ud800 \u0000 \uffff"));

const accept = move(
  "accept",
  {
    key: fc.option(few),
    tenant: few,
    outlet: fc.nat(1),
    to: fc.nat(1),
    conversation: few,
    body: texts,
    mode: fc.constantFrom("waiting", "queued"),
  },
  async ({ accepted, both, now }, { key, tenant, outlet, to, conversation, body, mode }) => {
    const message = exampleMessage({
      tenantId: `tenant-${tenant}`,
      outletId: `outlet-${outlet}`,
      to: `+62812345${to}`,
      conversationId: `conversation-${conversation}`,
      quotaBlockId: `block-${tenant}`,
      body,
      mode,
      acceptedAt: now(),
      ...(key !== null && { key: { key: `key-${key}`, fingerprint: `${conversation}` } }),
    });
    accepted.push(message);
    await both(({ messages }) => messages.accept(message, exampleEvents(undefined, message)));
  },
);

const commit = move(
  "commit",
  {
    message: any,
    isStale: fc.boolean(),
    outcome: fc.option(fc.constantFrom(...Object.values(exampleOutcomes)), { freq: 5 }),
    few,
    ends: fc.boolean(),
    leased: fc.boolean(),
  },
  async ({ accepted, both, claimed, model, now }, { message, isStale, outcome, few: number, ends, leased }) => {
    const known = pick(accepted, message);
    if (!known) return;
    const stored = (await model.messages.find({ id: known.id }))._unsafeUnwrap();
    const before = withIntent((isStale ? undefined : stored) ?? known);
    const named = outcome?.kind === "Accepted" ? { ...outcome, wamid: wamid(known, number) } : outcome;
    const { idempotencyKey, conclusion: _, ...open } = named ? withOutcome(before, named, now()) : before;
    const next = {
      ...open,
      revision: before.revision,
      ...(ends && { conclusion: { as: "exhausted" as const, at: now() } }),
    };
    const kept = number > 0 && before.idempotencyKey && idempotencyKey;
    const entries = [...exampleEntries(before, next), ...exampleEvents(before, next)];
    const outbox = leased ? entries.map((entry) => ({ ...entry, leaseMs: 30_000 })) : entries;
    const change = { next: kept ? { ...next, idempotencyKey: kept } : next, outbox };
    const committed = await both(({ messages }) => messages.commit(change));
    claimed.push(...(committed?.claimed ?? []).map(({ id }) => id));
  },
);

const find = move("find", { tenant: few, key: few, number: few, message: any }, async (world, chosen) => {
  const { accepted, both } = world;
  const message = pick(accepted, chosen.message) ?? { id: "none" };
  await both(({ messages }) => messages.find({ id: message.id }));
  await both(({ messages }) => messages.find({ wamid: wamid(message, chosen.number) }));
  await both(({ messages }) => messages.find({ tenantId: `tenant-${chosen.tenant}`, key: `key-${chosen.key}` }));
});

const list = move(
  "list",
  {
    tenants: fc.option(fc.array(few, { minLength: 1, maxLength: 2 })),
    conversation: fc.option(few),
    status: fc.option(fc.constantFrom("queued", "sending", "sent", "failed", "unknown")),
    limit: fc.integer({ min: 1, max: 3 }),
  },
  async ({ both }, { tenants, conversation, status, limit: size }) => {
    const query = {
      ...(tenants && { tenantIds: tenants.map((tenant) => `tenant-${tenant}`) }),
      ...(conversation !== null && { conversationId: `conversation-${conversation}` }),
      ...(status && { status }),
      limit: size,
    };
    const ids = ({ messages }: MessagePage) => messages.map(({ id }) => id);
    const first = await both(({ messages }) => messages.list(query), ids);
    // Both number messages from 1, in the order in which they were accepted.
    if (first?.next)
      await both(({ messages }) => messages.list({ ...query, after: first.next as MessagePosition }), ids);
  },
);

/** Claims the lines that are due, reads their heads, and releases all that are held or keeps them until a later move. */
export const work = move(
  "work",
  { each: fc.integer({ min: 1, max: 3 }), keeps: fc.boolean() },
  async ({ both, held }, { each, keeps }) => {
    await both(
      ({ queue }) =>
        queue.claim(limit).andThen((lines) => {
          const all = [...(held.get(queue) ?? []), ...lines].toSorted(byName);
          held.set(queue, all);
          return queue.heads(all, each);
        }),
      (heads) => heads.map(({ id }) => id),
    );
    await both(({ queue }) => queue.depth("tenant-0", 3));
    await both(
      ({ queue }) => queue.state({ limit, upTo: 3 }),
      (lines) => lines.map(({ isHeld: _, ...line }) => line).toSorted(byName),
    );
    if (keeps) return;
    await both(({ queue }) => queue.release(held.get(queue) ?? []));
    held.clear();
  },
);

export const messageMoves = [accept, accept, commit, commit, commit, find, list, work, work];

function byName(one: LineRef, other: LineRef): number {
  const [first, second] = [one, other].map(({ tenantId, outletId }) => `${tenantId} ${outletId}`);
  return first === second ? 0 : String(first) < String(second) ? -1 : 1;
}

/** A wamid that the message may get. */
export function wamid({ id }: { readonly id: string }, number: number): string {
  return `wamid.${id}.${number}`;
}
