import { okAsync } from "neverthrow";

import type { Identifier } from "../content/identifiers.ts";
import type { StatusEvent } from "../domain/status-event.ts";
import type { StatusCallbacks, StatusDelivery } from "../ports/status-callbacks.ts";

/** Status callbacks that a test can read. */
export interface RecordingStatusCallbacks extends StatusCallbacks {
  /** What was delivered, in order. */
  readonly events: readonly StatusEvent[];
  /** Sets what becomes of the events of a tenant from now on. Default: they are delivered. */
  answer(tenantId: Identifier, as: StatusDelivery | "unwanted"): void;
}

/** Records the events that it gets. A tenant whose events are unwanted is known at once. */
export function createRecordingStatusCallbacks(): RecordingStatusCallbacks {
  const events: StatusEvent[] = [];
  const answers = new Map<Identifier, StatusDelivery>();

  return {
    events,
    answer: (tenantId, as) => void answers.set(tenantId, as === "unwanted" ? { kind: as } : as),
    isWanted: (tenantId) => answers.get(tenantId)?.kind !== "unwanted",
    deliver(event) {
      const result = answers.get(event.outlet.tenantId) ?? { kind: "delivered" };
      if (result.kind === "delivered") events.push(event);
      return okAsync(result);
    },
  };
}
