import type { ChatMessage } from "../chats/chat-message.ts";
import type { Chats } from "../chats/chats.ts";
import type { GraphState } from "../graph/graph-state.ts";
import { burst } from "../graph/limits/pair-debts.ts";
import type { Person } from "../graph/people/audience.ts";
import type { Tenants } from "../tenant-service/tenants.ts";

/** How much of WhatsApp's limits is used, of those who wrote to each other. */
export interface LimitUse {
  readonly numbers: readonly NumberUse[];
  readonly pairs: readonly PairUse[];
  /** Access tokens that are known, without what comes after their first letters. */
  readonly tokens: readonly TokenUse[];
}

interface NumberUse {
  readonly phoneNumberId: string;
  /** Messages that count within the last second; 0 without a limit. */
  readonly lastSecond: number;
  /** Absent: as many as it likes. */
  readonly perSecond?: number;
}

export interface PairUse {
  readonly phoneNumberId: string;
  readonly customer: string;
  /** When the 24-hour window closes or has closed, in milliseconds since the epoch. Absent: the customer never wrote. */
  readonly windowEnd?: number;
  readonly isWindowOpen: boolean;
  readonly hasStoppedMarketing: boolean;
  /** With the pair limit: the messages of the burst, and when each has had its six seconds. */
  readonly owed?: { readonly messages: number; readonly of: number; readonly paidAt: number };
}

interface TokenUse {
  readonly token: string;
  readonly phoneNumberIds: readonly string[];
  readonly expiresAt?: number;
  readonly state: "valid" | "expired" | "revoked";
}

export interface LimitUseDeps {
  readonly state: () => GraphState;
  readonly chats: Chats;
  readonly tenants: () => Tenants;
  readonly clock: { now(): number };
}

/** The number and the customer of a chat, as WhatsApp's limits know them. */
function personIn({ phoneNumberId, customer }: Pick<ChatMessage, "phoneNumberId" | "customer">): Person {
  return { phoneNumberId, ...(/^\d+$/.test(customer) ? { waId: customer } : { userId: customer }) };
}

export function limitUse({ state, chats, tenants, clock }: LimitUseDeps): LimitUse {
  const pairs = new Map(chats.all().map((one) => [`${one.phoneNumberId}/${one.customer}`, one]));
  const numbers = new Set([...pairs.values()].map(({ phoneNumberId }) => phoneNumberId));
  for (const own of tenants()
    .tokens.all()
    .flatMap(({ phoneNumberIds }) => phoneNumberIds))
    numbers.add(own);
  return {
    numbers: [...numbers].map((phoneNumberId) => numberUse(state(), phoneNumberId)),
    pairs: [...pairs.values()].map((one) => pairUse(state(), one, clock.now())),
    tokens: tenants()
      .tokens.all()
      .map(({ token, expiresAt, isRevoked, phoneNumberIds }) => {
        const isExpired = expiresAt !== undefined && expiresAt.getTime() <= clock.now();
        return {
          token: `${token.slice(0, 4)}…`,
          phoneNumberIds,
          ...(expiresAt && { expiresAt: expiresAt.getTime() }),
          state: isRevoked ? "revoked" : isExpired ? "expired" : "valid",
        };
      }),
  };
}

function numberUse({ limiter }: GraphState, phoneNumberId: string): NumberUse {
  const perSecond = limiter.throughputOf(phoneNumberId);
  const lastSecond = limiter.lastSecond(phoneNumberId);
  return { phoneNumberId, lastSecond, ...(perSecond !== undefined && { perSecond }) };
}

/** What a number may send to a customer now. */
export function pairUse(
  { audience, limiter }: GraphState,
  { phoneNumberId, customer }: Pick<ChatMessage, "phoneNumberId" | "customer">,
  now: number,
): PairUse {
  const person = personIn({ phoneNumberId, customer });
  const windowEnd = audience.windowEnd(person);
  const owed = limiter.owed(person);
  return {
    phoneNumberId,
    customer,
    ...(windowEnd !== undefined && { windowEnd }),
    isWindowOpen: audience.isWindowOpen(person, now),
    hasStoppedMarketing: audience.hasStoppedMarketing(person),
    ...(owed && { owed: { ...owed, of: burst } }),
  };
}
