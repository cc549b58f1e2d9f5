import { z } from "zod";

import type { Audience, Person } from "../people/audience.ts";
import type { GraphError } from "../graph-error.ts";
import type { Memory } from "../../collections/memory.ts";
import { createPairDebts } from "./pair-debts.ts";
import { createThroughput } from "./throughput.ts";

/** Which of WhatsApp's limits apply. Default: none. */
export interface WhatsAppLimits {
  /** Messages that a number may send and receive within any second; Meta's limit is 80 or 1,000. Beyond it: 130429. */
  readonly throughputPerSecond?: number;
  /** Numbers with another limit, by their ids: 1,000 after an upgrade, 20 with the WhatsApp Business app. */
  readonly throughputOf?: Readonly<Record<string, number>>;
  /** One message every six seconds to one person, with a burst of 45 that must be paid back. Beyond it: 131056. */
  readonly pair?: boolean;
  /** Only templates to people who have not written within 24 hours. Anything else: 131047. */
  readonly window?: boolean;
}

/** Counts messages and refuses those beyond a limit. A refused message does not count. */
export interface Limiter {
  limits: WhatsAppLimits;
  check(person: Person, isTemplate: boolean): GraphError | undefined;
  sent(person: Person): void;
  received(phoneNumberId: string): void;
  /** How many messages the number may send per second; undefined: as many as it likes. */
  throughputOf(phoneNumberId: string): number | undefined;
  /** How many messages count against that limit now; 0 where there is none. */
  lastSecond(phoneNumberId: string): number;
  /** What the pair owes, with its limit on. */
  owed: (person: Person) => { readonly messages: number; readonly paidAt: number } | undefined;
}

export const limitsSchema: z.ZodType<WhatsAppLimits> = z.strictObject({
  throughputPerSecond: z.int().min(1).exactOptional(),
  throughputOf: z.record(z.string(), z.int().min(1)).exactOptional(),
  pair: z.boolean().exactOptional(),
  window: z.boolean().exactOptional(),
});

interface LimiterDeps {
  readonly memory: Memory;
  readonly limits: WhatsAppLimits;
  readonly now: () => number;
  readonly audience: Audience;
}

export function createLimiter({ memory, limits, now, audience }: LimiterDeps): Limiter {
  const throughput = createThroughput(memory);
  const debts = createPairDebts(memory);
  let current = limitsSchema.parse(limits);

  function throughputOf(phoneNumberId: string): number | undefined {
    const { throughputOf: own = {} } = current;
    return Object.hasOwn(own, phoneNumberId) ? own[phoneNumberId] : current.throughputPerSecond;
  }

  function received(phoneNumberId: string): void {
    if (throughputOf(phoneNumberId) !== undefined) throughput.add(phoneNumberId, now());
  }

  return {
    get limits() {
      return current;
    },
    set limits(next) {
      current = limitsSchema.parse(next);
    },
    check(person, isTemplate) {
      const { pair, window } = current;
      if (window && !isTemplate && !audience.isWindowOpen(person, now())) return windowClosed;
      if (pair && debts.exhausted(audience.pairOf(person), now())) return pairExhausted;
      const perSecond = throughputOf(person.phoneNumberId);
      if (perSecond === undefined) return undefined;
      return throughput.count(person.phoneNumberId, now()) < perSecond ? undefined : throughputReached;
    },
    sent(person) {
      received(person.phoneNumberId);
      if (current.pair) debts.add(audience.pairOf(person), now());
    },
    received,
    throughputOf,
    lastSecond: (phoneNumberId) => throughput.count(phoneNumberId, now()),
    owed: (person) => debts.owed(audience.pairOf(person), now()),
  };
}

const windowClosed: GraphError = {
  code: 131047,
  details:
    "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
};

const pairExhausted: GraphError = {
  code: 131056,
  details:
    "Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.",
};

const throughputReached: GraphError = {
  code: 130429,
  details:
    "Message failed to send because there were too many messages sent from this phone number in a short period of time.",
};
