import { createPacer } from "../pacing/pacer.ts";
import type { MessageSenderPorts } from "../use-cases/message-sender.ts";
import { createInMemoryCredentials, type InMemoryCredentials } from "./credentials.ts";
import { createInMemoryHistory, type InMemoryHistory } from "./history.ts";
import { createSequentialIds } from "./ids.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createInMemoryMedia, type InMemoryMedia } from "./media.ts";
import { createInMemoryQuota, type InMemoryQuota } from "./quota.ts";
import { createRecordingReadReceipts, type RecordingReadReceipts } from "./read-receipts.ts";
import { createInMemoryStore } from "./store.ts";
import { createRecordingTelemetry, type RecordingTelemetry } from "./telemetry.ts";
import { createRecordingTransport, type RecordingTransport } from "./transport.ts";

/** Everything that a sender needs, with no network and no real time. */
export interface InMemoryPorts extends MessageSenderPorts {
  readonly clock: ManualClock;
  readonly credentials: InMemoryCredentials;
  readonly quota: InMemoryQuota;
  readonly transport: RecordingTransport;
  readonly readReceipts: RecordingReadReceipts;
  readonly media: InMemoryMedia;
  readonly history: InMemoryHistory;
  readonly telemetry: RecordingTelemetry;
}

/** Any outlet is known, each tenant has `quota` units (default 1,000), and WhatsApp accepts everything. */
export function createInMemoryPorts({ quota = 1000 }: { quota?: number } = {}): InMemoryPorts {
  const clock = createManualClock();
  return {
    ...createInMemoryStore({ clock }),
    clock,
    credentials: createInMemoryCredentials({ anyOutlet: true }),
    quota: createInMemoryQuota({ clock, limitOf: () => ({ limit: quota, period: "none" }) }),
    transport: createRecordingTransport(),
    readReceipts: createRecordingReadReceipts(),
    media: createInMemoryMedia(),
    history: createInMemoryHistory(),
    pacer: createPacer({ clock, permits: 256, rates: false }),
    ids: createSequentialIds(),
    telemetry: createRecordingTelemetry(),
  };
}
