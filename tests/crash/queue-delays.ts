import type { Facts } from "./facts.ts";

/** For each queued message whose process ended before its first attempt: the time from the next start to that attempt, in ms. */
export function queueDelays({ clients, messages }: Facts): number[] {
  const turns = clients.filter(({ kind }) => kind === "up" || kind === "down");
  return messages.flatMap(({ mode, acceptedAt, attempts, liftedConclusions }) => {
    const begunAt = Date.parse(attempts[0]?.startedAt ?? "");
    const down = turns.findIndex(({ kind, at }) => kind === "down" && at > Date.parse(acceptedAt));
    const [up, next] = turns.slice(down + 1);
    const wasLeft = mode === "queued" && !liftedConclusions && down !== -1 && begunAt > (turns[down]?.at ?? 0);
    if (!wasLeft || up?.kind !== "up" || (next && begunAt > next.at)) return [];
    return [Math.max(0, begunAt - up.at)];
  });
}
