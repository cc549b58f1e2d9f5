import type { Pause } from "../../domain/pause.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** Records which pauses have begun, changed or ended since. Returns whether any has. */
export function recordChanges(telemetry: Telemetry, before: readonly Pause[], after: readonly Pause[]): boolean {
  const had = new Map(before.map((pause) => [pause.id, pause]));
  const has = new Set(after.map(({ id }) => id));
  const begun = after.filter((pause) => !isSame(had.get(pause.id), pause));
  const ended = before.filter(({ id }) => !has.has(id));
  for (const pause of begun) telemetry.record({ kind: "PauseBegun", pause, replaces: had.has(pause.id) });
  for (const pause of ended) telemetry.record({ kind: "PauseEnded", pause });
  return begun.length > 0 || ended.length > 0;
}

function isSame(a: Pause | undefined, b: Pause): boolean {
  return (
    a?.at.getTime() === b.at.getTime() &&
    a.until?.getTime() === b.until?.getTime() &&
    a.reason === b.reason &&
    a.by === b.by
  );
}
