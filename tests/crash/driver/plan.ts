import type { OutcomeName } from "../oracle/outcomes.ts";
// The names of the failpoints are not exported: they are not part of the published server.
// oxlint-disable-next-line no-restricted-imports
import { failpointNames } from "../../../packages/server/src/failpoints.ts";
import type { Random } from "../random.ts";

/** How to kill a process: at the nth hit of a failpoint, or at a random time. */
export type Kill =
  | { readonly point: string; readonly hit: number; readonly triesLeft: number }
  | { readonly afterMs: number };

const randomShare = 8;

/** Every failpoint in turn, with a random time now and then. */
export function planKills(random: Random, count: number, failpoints: readonly string[] = failpointNames): Kill[] {
  const points: string[] = [];
  return Array.from({ length: count }, (_, index): Kill => {
    if (index % randomShare === randomShare - 1) return { afterMs: random.between(0, 900) };
    if (points.length === 0) points.push(...random.shuffled(failpoints));
    const point = points.pop() ?? "";
    return { point, hit: isRare(point) ? 1 : random.between(1, 4), triesLeft: 2 };
  });
}

/** Every failpoint once, on one of so many stores. */
export function planForEach(random: Random, stores: number): Kill[][] {
  const shuffled = random.shuffled(failpointNames);
  return Array.from({ length: stores }, (_, store) => {
    const failpoints = shuffled.filter((_, index) => index % stores === store);
    return planKills(random, Math.ceil((failpoints.length * randomShare) / (randomShare - 1)), failpoints);
  });
}

/** The outcome that makes the server reach a point soon. */
export function outcomeFor(point: string): OutcomeName | undefined {
  if (point.includes("ambiguous")) return "bare 500";
  if (point.includes("repeatable") || point.includes("intent.waiting")) return "transient";
  if (point.includes("conclusion")) return "refused";
  if (point.includes("lift")) return "accepted, destroyed";
  return undefined;
}

function isRare(point: string): boolean {
  return /quota|lift|conclusion|queued/.test(point);
}
