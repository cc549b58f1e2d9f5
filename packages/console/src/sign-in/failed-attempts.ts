import { isIPv6 } from "node:net";

const mostFailures = 10;
const windowMs = 60_000;
/** More clients than that at once are not told apart: the earliest are forgotten. */
const mostClients = 10_000;

interface Failures {
  count: number;
  readonly endsMs: number;
}

/** How often each client has failed to sign in. A key cannot be guessed; the limit keeps the log readable and the work small. */
export interface FailedAttempts {
  /** Whether a client has to wait, and for how many seconds. 0: it may try. */
  waitSeconds(address: string | undefined): number;
  note(address: string | undefined): void;
}

/** Counts in the memory of this process. */
export function createFailedAttempts(monotonicMs: () => number): FailedAttempts {
  const byClient = new Map<string, Failures>();

  function current(client: string): Failures | undefined {
    const failures = byClient.get(client);
    return failures && failures.endsMs > monotonicMs() ? failures : undefined;
  }

  return {
    waitSeconds(address) {
      const failures = current(clientOf(address));
      if (!failures || failures.count < mostFailures) return 0;
      return Math.ceil((failures.endsMs - monotonicMs()) / 1000);
    },
    note(address) {
      const client = clientOf(address);
      const failures = current(client) ?? { count: 0, endsMs: monotonicMs() + windowMs };
      failures.count += 1;
      byClient.delete(client);
      byClient.set(client, failures);
      const [earliest] = byClient.keys();
      if (byClient.size > mostClients && earliest !== undefined) byClient.delete(earliest);
    },
  };
}

/** One client has a whole /64 of IPv6 addresses. */
function clientOf(address = "unknown"): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").length;
  return [...groups, ...Array<string>(Math.max(0, missing)).fill("0"), ...(tail ?? "").split(":")]
    .slice(0, 4)
    .join(":");
}
