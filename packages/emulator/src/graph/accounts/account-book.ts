import { setBounded } from "../../collections/bounded-map.ts";

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
  /** The tasks of its users, by their ids. */
  readonly users: Map<string, readonly string[]>;
  readonly schedules: Map<string, Readonly<Record<string, unknown>>>;
  /** Numbers that were added here. */
  readonly numbers: Set<string>;
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
  readonly keep: number;
  readonly now: () => number;
  readonly nextId: () => string;
}

const keptActivities = 1_000;

export function createAccountBook({ keep, now, nextId }: AccountBookDeps): AccountBook {
  const known = new Map<string, AccountFacts>();

  function of(accountId: string): AccountFacts {
    const own = known.get(accountId);
    if (own) return own;
    const facts = {
      name: "Sandbox",
      timezoneId: "1",
      isSubscribed: true,
      callbackUrl: undefined,
      users: new Map<string, readonly string[]>(),
      schedules: new Map<string, Readonly<Record<string, unknown>>>(),
      numbers: new Set<string>(),
      activities: [],
    };
    setBounded(known, accountId, facts, keep);
    return facts;
  }

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
