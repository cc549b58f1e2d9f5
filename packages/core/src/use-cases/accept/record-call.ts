import type { Result } from "neverthrow";

import type { Clock } from "../../ports/clock.ts";
import type { RateLimited } from "../../ports/pacer.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** Records how a call was answered that began at `startedMs`. */
export function recordCall(
  call: "send" | "enqueue",
  { clock, telemetry }: { readonly clock: Clock; readonly telemetry: Telemetry },
  startedMs: number,
  result: Result<{ readonly replayed: boolean }, { readonly kind: string; readonly replayed?: boolean }>,
): void {
  const durationMs = clock.monotonicMs() - startedMs;
  const isReplayed = result.isOk() ? result.value.replayed : result.error.replayed === true;
  if (isReplayed) telemetry.record({ kind: "CallAnswered", call, result: "replayed", durationMs });
  else if (result.isOk()) telemetry.record({ kind: "CallAnswered", call, result: "done", durationMs });
  else
    telemetry.record({ kind: "CallAnswered", call, result: result.error.kind, durationMs, ...causeOf(result.error) });
}

/** What the pacer refused the call for, if it did. */
function causeOf(error: { readonly kind: string }): Partial<Pick<RateLimited, "cause">> {
  const { cause } = error.kind === "RateLimited" ? (error as Partial<RateLimited>) : {};
  return cause ? { cause } : {};
}
