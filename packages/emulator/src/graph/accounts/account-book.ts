import type { Memory } from "../../collections/memory.ts";
import { perObject } from "../objects/per-object.ts";

/** One thing that happened to an account, as Meta shows it. */
interface Activity {
  readonly id: string;
  readonly activity_type: string;
  readonly timestamp: string;
  readonly actor_type: "API";
  readonly description: string;
}

/** What WhatsApp knows of a WhatsApp Business Account. */
interface AccountFacts {
  name: string;
  timezoneId: string;
  /** Whether the app gets its webhooks. */
  isSubscribed: boolean;
  /** Where its webhooks go instead of the app's URL. */
  callbackUrl: string | undefined;
  users: readonly { readonly id: string; readonly tasks: readonly string[] }[];
  readonly schedules: Readonly<Record<string, unknown>>[];
  /** Numbers that were added here. */
  readonly numbers: string[];
  readonly activities: Activity[];
}

export interface AccountBook {
  of(accountId: string): AccountFacts;
  /** Every account that was asked about. */
  all(): readonly string[];
  has(accountId: string): boolean;
  note(accountId: string, activity: string, description: string): void;
}

interface AccountBookDeps {
  readonly memory: Memory;
  readonly keep: number;
  readonly now: () => number;
  readonly nextId: () => string;
}

const keptActivities = 1_000;

export function createAccountBook({ memory, keep, now, nextId }: AccountBookDeps): AccountBook {
  const known = memory.map<AccountFacts>("accounts");
  const of = perObject<AccountFacts>(known, keep, () => ({
    name: "Sandbox",
    timezoneId: "1",
    isSubscribed: true,
    callbackUrl: undefined,
    users: [],
    schedules: [],
    numbers: [],
    activities: [],
  }));

  return {
    of,
    all: () => [...known.keys()],
    has: (accountId) => known.has(accountId),
    note(accountId, activity, description) {
      const { activities } = of(accountId);
      const timestamp = new Date(now()).toISOString();
      activities.unshift({ id: nextId(), activity_type: activity, timestamp, actor_type: "API", description });
      activities.splice(keptActivities);
    },
  };
}
