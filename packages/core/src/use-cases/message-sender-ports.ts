import type { Clock } from "../ports/clock.ts";
import type { Credentials } from "../ports/credentials.ts";
import type { History } from "../ports/history.ts";
import type { Ids } from "../ports/ids.ts";
import type { Media } from "../ports/media.ts";
import type { Pacer } from "../ports/pacer.ts";
import type { Quota } from "../ports/quota.ts";
import type { ReadReceipts } from "../ports/read-receipts.ts";
import type { StatusCallbacks } from "../ports/status-callbacks.ts";
import type { Store } from "../ports/store/store.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { Templates } from "../ports/templates.ts";
import type { Tracing } from "../ports/tracing.ts";
import type { Transport } from "../ports/transport.ts";
import type { WebhookForwarding } from "../ports/webhook-forwarding.ts";

/** The ports of a sender. `@message-sender/core/in-memory` has an adapter for each of them. */
export interface MessageSenderPorts extends Store {
  readonly credentials: Credentials;
  readonly quota: Quota;
  readonly transport: Transport;
  /** Without one, `markRead` is `Unavailable`. */
  readonly readReceipts?: ReadReceipts;
  /** Without one, `uploadMedia` is `Unavailable`. */
  readonly media?: Media;
  /** Without one, sent messages are stored in no history. */
  readonly history?: History;
  /** Without one, webhooks are kept in the inbox and not forwarded. */
  readonly webhookForwarding?: WebhookForwarding;
  /** Without one, status events are not stored. `onStatus` works without one. */
  readonly statusCallbacks?: StatusCallbacks;
  /**
   * Without one, templates are not checked. With one, a message that does not fit its template is `TemplateRefused` before a unit
   * of quota is used, and a queued message waits while its template is paused. A template that is not known is sent.
   */
  readonly templates?: Templates;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry?: Telemetry;
  /** Without one, nothing is traced, and a message has the trace context of its command. */
  readonly tracing?: Tracing;
}
