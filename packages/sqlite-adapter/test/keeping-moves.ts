import { encodeStatusUpdate, type StatusUpdate } from "@message-sender/core/adapter";
import { exampleTime } from "@message-sender/core/contracts";
import * as fc from "fast-check";

import { texts, wamid } from "./message-moves.ts";
import { any, few, move, pick } from "./world.ts";

const limit = 1000;

const park = move(
  "park",
  { message: any, number: fc.nat({ max: 1 }), seconds: few, details: texts, isOurs: fc.boolean() },
  async ({ accepted, both, parked }, { message, number, seconds, details, isOurs }) => {
    const known = isOurs ? pick(accepted, message) : undefined;
    const update: StatusUpdate = {
      wamid: wamid(known ?? { id: "foreign" }, number),
      phoneNumberId: "109876543210987",
      status: "failed",
      at: new Date(exampleTime.getTime() + 1000 * seconds),
      failure: { class: "recipient", details },
    };
    parked.push(update);
    await both(({ parkedStatuses }) => parkedStatuses.park([update, update]));
  },
);

export const matched = move("matched", {}, ({ both }) =>
  both(
    ({ parkedStatuses }) => parkedStatuses.matched(limit),
    (updates) => updates.map(encodeStatusUpdate).toSorted(),
  ),
);

const drop = move("drop", { update: any }, async ({ both, parked }, { update }) => {
  const dropped = pick(parked, update);
  if (dropped) await both(({ parkedStatuses }) => parkedStatuses.drop([dropped]));
});

const seconds = fc.nat({ max: 90 });
const recipient = fc.constantFrom("+628123456789", "US.1349");

const note = move(
  "note",
  {
    kind: fc.constantFrom("Wrote" as const, "StoppedMarketing" as const, "ResumedMarketing" as const),
    recipient,
    ages: fc.array(seconds, { maxLength: 3 }),
  },
  (world, { ages, ...fact }) => {
    const at = (age: number) => new Date(world.now().getTime() - 1000 * age);
    const facts = ages.map((age) => ({ ...fact, phoneNumberId: "109876543210987", at: at(age) }));
    return world.both(({ recipients }) => recipients.note(facts));
  },
);

export const heard = move("heard", { recipient }, ({ both }, chosen) =>
  both(({ recipients }) => recipients.find("109876543210987", chosen.recipient)),
);

const forget = move(
  "forget",
  {
    keys: seconds,
    messages: seconds,
    parkedStatuses: seconds,
    webhooks: seconds,
    recipients: seconds,
    outboxEntries: seconds,
    limit: few,
  },
  async (world, { limit: atOnce, ...ages }) => {
    function ago(age: number): Date {
      return new Date(world.now().getTime() - 1000 * age);
    }
    const before = {
      keys: ago(ages.keys),
      messages: ago(ages.messages),
      parkedStatuses: ago(ages.parkedStatuses),
      webhooks: ago(ages.webhooks),
      recipients: ago(ages.recipients),
      outboxEntries: ago(ages.outboxEntries),
    };
    await world.both(({ retention }) => retention.forget(before, atOnce + 1));
    // A forgotten webhook may arrive again, but not while the outbox still has it.
    world.webhooks.length = 0;
  },
);

const advance = move("advance", { ms: fc.nat({ max: 60_000 }) }, (world, { ms }) => world.advance(ms));

export const keepingMoves = [park, park, matched, drop, note, note, heard, forget, advance, advance];
