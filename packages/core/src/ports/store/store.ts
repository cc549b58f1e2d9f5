import type { Backlog } from "./backlog.ts";
import type { Erasure } from "./erasure.ts";
import type { MessageQueue } from "./message-queue.ts";
import type { MessageStore } from "./message-store.ts";
import type { Outbox } from "./outbox.ts";
import type { ParkedStatuses } from "./parked-statuses.ts";
import type { ProcessLease } from "./process-lease.ts";
import type { Pauses } from "./pauses.ts";
import type { QuotaLedger } from "./quota-ledger.ts";
import type { Recipients } from "./recipients.ts";
import type { Retention } from "./retention.ts";
import type { StoreHealth } from "./store-health.ts";
import type { StoreLoad } from "./store-load.ts";
import type { WebhookInbox } from "./webhook-inbox.ts";

/** Whether a store holds live data or a sandbox's. A store that was created for one must refuse to open for the other. */
export type Stamp = "live" | "sandbox";

/** The ports that one store keeps together, since they share its commits. */
export interface Store {
  readonly messages: MessageStore;
  readonly queue: MessageQueue;
  readonly lease: ProcessLease;
  readonly outbox: Outbox;
  readonly quotaLedger: QuotaLedger;
  readonly parkedStatuses: ParkedStatuses;
  readonly webhookInbox: WebhookInbox;
  readonly recipients: Recipients;
  readonly erasure: Erasure;
  readonly retention: Retention;
  readonly health: StoreHealth;
  readonly load: StoreLoad;
  readonly backlog: Backlog;
  readonly pauses: Pauses;
}
