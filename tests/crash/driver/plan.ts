import type { OutcomeName } from "../oracle/outcomes.ts";
// The names belong to the command line, which nobody imports otherwise.
// oxlint-disable-next-line no-restricted-imports
import { failpointNames } from "../../../packages/server/src/failpoints.ts";
import type { Random } from "../random.ts";

/** How one process is to end: at a failpoint's nth pass, or at a random time. */
export type Kill =
  | { readonly point: string; readonly pass: number; readonly triesLeft: number }
  | { readonly afterMs: number };

const randomShare = 8;

/** Every failpoint in turn, and now and then a random time. */
export function planKills(random: Random, count: number): Kill[] {
  const points: string[] = [];
  return Array.from({ length: count }, (_, index): Kill => {
    if (index % randomShare === randomShare - 1) return { afterMs: random.between(0, 900) };
    if (points.length === 0) points.push(...random.shuffled(failpointNames));
    const point = points.pop() ?? "";
    return { point, pass: isRare(point) ? 1 : random.between(1, 4), triesLeft: 2 };
  });
}

export const leastKills = Math.ceil((failpointNames.length * randomShare) / (randomShare - 1));

/** What WhatsApp has to do for a point to be reached soon. */
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
