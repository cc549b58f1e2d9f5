import type { Result } from "neverthrow";

import type { Clock } from "../../ports/clock.ts";
import type { RateLimited } from "../../ports/pacer.ts";
import type { Telemetry } from "../../ports/telemetry.ts";

/** Records how a call was answered, and returns its result. */
export async function recordCall<T extends { readonly replayed: boolean }, E extends { readonly kind: string }>(
  call: "send" | "enqueue",
  { clock, telemetry }: { readonly clock: Clock; readonly telemetry: Telemetry },
  work: () => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  const startedMs = clock.monotonicMs();
  const result = await work();
  const durationMs = clock.monotonicMs() - startedMs;
  const answer: object & { readonly replayed?: boolean } = result.isOk() ? result.value : result.error;
  if (answer.replayed) telemetry.record({ kind: "CallAnswered", call, result: "replayed", durationMs });
  else if (result.isOk()) telemetry.record({ kind: "CallAnswered", call, result: "done", durationMs });
  else
    telemetry.record({ kind: "CallAnswered", call, result: result.error.kind, durationMs, ...causeOf(result.error) });
  return result;
}

/** What the pacer refused the call for, if it did. */
function causeOf(error: { readonly kind: string }): Partial<Pick<RateLimited, "cause">> {
  const { cause } = error.kind === "RateLimited" ? (error as Partial<RateLimited>) : {};
  return cause ? { cause } : {};
}
