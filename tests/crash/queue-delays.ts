import type { Facts } from "./facts.ts";

/** How long after the next start each queued message was begun whose process had ended before it began, in ms. */
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
