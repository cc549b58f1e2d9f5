import { pause, until } from "../crash/driver/wait.ts";
import type { Seen } from "./graph/judge.ts";
import type { ServerProcess } from "../crash/driver/server-process.ts";
import type { Services } from "./world/services.ts";

/** Each message was accepted once, in order, within its number's limit. `expected`: how many messages there were. */
export function violationsOf(seen: Seen, expected: number, limitPerSecond: number): string[] {
  const isOver = seen.mostInASecond > limitPerSecond;
  return [
    ...(seen.messages === expected ? [] : [`${seen.messages} of ${expected} messages were accepted`]),
    ...(seen.attemptsTwice.length === 0 ? [] : [`attempts arrived twice: ${some(seen.attemptsTwice)}`]),
    ...(seen.refused === 0 ? [] : [`${seen.refused} requests were refused by the limit`]),
    ...(isOver ? [`a number sent ${seen.mostInASecond} within a second`] : []),
    ...(seen.inversions.length === 0 ? [] : [`not in order: ${some(seen.inversions)}`]),
  ];
}

export function describeSeen(seen: Seen): string[] {
  const perSecond = seen.accepted / (seen.lastedMs / 1000);
  return [
    `${seen.requests} requests, ${seen.messages} messages accepted, ${seen.repeated.length} of them more than once, ${seen.refused} requests refused`,
    `${perSecond.toFixed(0)} a second for ${(seen.lastedMs / 1000).toFixed(1)} s; at most ${seen.mostInASecond} within a second from one number, and ${(seen.longestGapMs / 1000).toFixed(1)} s without one`,
    `${seen.inversions.length} inversions; requests were recorded up to ${seen.recorderLateMs.toFixed(0)} ms late`,
  ];
}

interface ShownAttempt {
  readonly number: number;
  readonly outcome?: string;
  readonly decided_on?: { readonly outcome?: string };
}

/** A message may be accepted again only after an attempt whose outcome was recorded as ambiguous when the repeat was decided. */
export async function needlessRepeats({ repeated }: Seen, server: ServerProcess): Promise<string[]> {
  const violations: string[] = [];
  for (const { messageId, attempts } of repeated) {
    const answer = await fetch(`${server.url}/api/v1/messages/${messageId}`);
    const shown = ((await answer.json()) as { readonly attempts?: readonly ShownAttempt[] }).attempts ?? [];
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
