import { createPacer } from "../pacing/pacer.ts";
import type { MessageSenderPorts } from "../use-cases/message-sender-ports.ts";
import { createInMemoryCredentials, type InMemoryCredentials } from "./credentials.ts";
import { createInMemoryHistory, type InMemoryHistory } from "./history.ts";
import { createSequentialIds } from "./ids.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createInMemoryMedia, type InMemoryMedia } from "./media.ts";
import { createInMemoryQuota, type InMemoryQuota } from "./quota.ts";
import { createRecordingReadReceipts, type RecordingReadReceipts } from "./read-receipts.ts";
import { createInMemoryStore, type InMemoryStore } from "./store/store.ts";
import { createRecordingTelemetry, type RecordingTelemetry } from "./telemetry.ts";
import { createInMemoryTemplates, type InMemoryTemplates } from "./templates.ts";
import { createRecordingTransport, type RecordingTransport } from "./transport.ts";

/** Every port of a sender, without a network and without real time. */
export interface TestPorts extends MessageSenderPorts, Pick<InMemoryStore, "openAnotherProcess"> {
  readonly clock: ManualClock;
  readonly credentials: InMemoryCredentials;
  readonly quota: InMemoryQuota;
  readonly transport: RecordingTransport;
  readonly readReceipts: RecordingReadReceipts;
  readonly media: InMemoryMedia;
  readonly templates: InMemoryTemplates;
  readonly history: InMemoryHistory;
  readonly telemetry: RecordingTelemetry;
}

/**
 * The ports of a sender in a test: a manual clock, a transport that records its submissions, and a store in memory. Each outlet is
 * known, each tenant has `quota` units (default: 1,000), and WhatsApp accepts every message. Time passes only in `clock.advance`
 * and `clock.runUntil`, so these ports cannot be mixed with real adapters: `createMessageSender` throws.
 *
 * @example
 * const ports = createTestPorts();
 * const sender = createMessageSender(ports);
 * const sent = await ports.clock.runUntil(sender.send(command));
 */
export function createTestPorts({ quota = 1000 }: { quota?: number } = {}): TestPorts {
  const clock = createManualClock();
  return {
    ...createInMemoryStore({ clock }),
    clock,
    credentials: createInMemoryCredentials({ anyOutlet: true }),
    quota: createInMemoryQuota({ clock, limitOf: () => ({ limit: quota, period: "none" }) }),
    transport: createRecordingTransport(),
    readReceipts: createRecordingReadReceipts(),
    media: createInMemoryMedia(),
    templates: createInMemoryTemplates(),
    history: createInMemoryHistory(),
    pacer: createPacer({ clock, permits: 256, rates: false }),
    ids: createSequentialIds(),
    telemetry: createRecordingTelemetry(),
  };
}
