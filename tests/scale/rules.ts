import { pause, until } from "../crash/driver/wait.ts";
import type { Overtaken, Seen } from "./graph/judge.ts";
import type { ServerProcess } from "../crash/driver/server-process.ts";
import type { Services } from "./world/services.ts";

/** Each message was accepted once, in order, within its number's limit. `expected`: how many messages there were. */
export function violationsOf(seen: Seen, expected: number, limitPerSecond: number): string[] {
  const inversions = [...seen.inversions, ...seen.overtaken.map(({ name }) => name)];
  const isOver = seen.mostInASecond > limitPerSecond;
  return [
    ...(seen.messages === expected ? [] : [`${seen.messages} of ${expected} messages were accepted`]),
    ...(seen.attemptsTwice.length === 0 ? [] : [`attempts arrived twice: ${some(seen.attemptsTwice)}`]),
    ...(seen.refused === 0 ? [] : [`${seen.refused} requests were refused by the limit`]),
    ...(isOver ? [`a number sent ${seen.mostInASecond} within a second`] : []),
    ...(inversions.length === 0 ? [] : [`not in order: ${some(inversions)}`]),
  ];
}

export function describeSeen(seen: Seen): string[] {
  const perSecond = seen.accepted / (seen.lastedMs / 1000);
  return [
    `${seen.requests} requests, ${seen.messages} messages accepted, ${seen.repeated.length} of them more than once, ${seen.refused} requests refused`,
    `${perSecond.toFixed(0)} a second for ${(seen.lastedMs / 1000).toFixed(1)} s; at most ${seen.mostInASecond} within a second from one number, and ${(seen.longestGapMs / 1000).toFixed(1)} s without one`,
    `${seen.inversions.length} inversions, ${seen.overtaken.length} messages overtaken before their repeat; requests were recorded up to ${seen.recorderLateMs.toFixed(0)} ms late`,
  ];
}

interface ShownAttempt {
  readonly number: number;
  readonly started_at?: string;
  readonly outcome?: string;
  readonly decided_on?: { readonly outcome?: string };
}

async function attemptsOf({ url }: ServerProcess, messageId: string): Promise<readonly ShownAttempt[]> {
  const answer = await fetch(`${url}/api/v1/messages/${messageId}`);
  return ((await answer.json()) as { readonly attempts?: readonly ShownAttempt[] }).attempts ?? [];
}

/** For how long a message delays later ones to its recipient after its first attempt began. */
const delaysForMs = 10_000;

/** Those that the later one cannot have waited for as long as it has to. */
export async function overtakenTooSoon({ overtaken }: Seen, server: ServerProcess): Promise<readonly Overtaken[]> {
  const tooSoon: Overtaken[] = [];
  for (const one of overtaken) {
    const [first] = await attemptsOf(server, one.messageId);
    if (isTooSoon(one, first)) tooSoon.push(one);
  }
  return tooSoon;
}

export function isTooSoon({ byThenMs }: Pick<Overtaken, "byThenMs">, first: ShownAttempt | undefined): boolean {
  return !(byThenMs - Date.parse(first?.started_at ?? "") >= delaysForMs);
}

/** A message may be accepted again only after an attempt whose outcome was recorded as ambiguous when the repeat was decided. */
export async function needlessRepeats({ repeated }: Seen, server: ServerProcess): Promise<string[]> {
  const violations: string[] = [];
  for (const { messageId, attempts } of repeated) {
    const shown = await attemptsOf(server, messageId);
    const clear = needlesslyRepeated(attempts, shown);
    if (clear.length > 0) {
      const numbers = clear.join(", ");
      violations.push(
        `${messageId} was accepted again after attempt ${numbers}, which was not ambiguous: ${JSON.stringify(shown)}`,
      );
    }
  }
  return violations;
}

/** The attempts that were accepted and then repeated on another outcome than an ambiguous one. */
export function needlesslyRepeated(accepted: readonly number[], shown: readonly ShownAttempt[]): readonly number[] {
  const earlier = accepted.toSorted((one, other) => one - other).slice(0, -1);
  return earlier.filter((number) => {
    const attempt = shown.find((one) => one.number === number);
    return (attempt?.decided_on ?? attempt)?.outcome !== "ambiguous";
  });
}

const settlingLimitMs = 60_000;

/** The Tenant Service counts a unit for each message, once the blocks are settled. */
export async function quotaViolations(
  services: Services,
  tenantIds: readonly string[],
  expected: number,
): Promise<string[]> {
  const used = async () => Object.values(await services.used(tenantIds)).reduce((sum, one) => sum + one, 0);
  await pause(100);
  if (await until(async () => (await used()) === expected, settlingLimitMs)) return [];
  return [`the Tenant Service counts ${await used()} units for ${expected} messages`];
}

function some(all: readonly string[]): string {
  const shown = 5;
  return `${all.slice(0, shown).join(", ")}${all.length > shown ? ` and ${all.length - shown} more` : ""}`;
}
