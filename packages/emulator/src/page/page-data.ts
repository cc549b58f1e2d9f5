import type { Chats } from "../chats/chats.ts";
import type { Call } from "../client/call.ts";
import type { SandboxClock } from "../control/clock.ts";
import type { LiveOptions } from "../control/options-schema.ts";
import type { Events } from "../events/events.ts";
import type { Faults } from "../faults/faults.ts";
import type { GraphState } from "../graph/graph-state.ts";
import type { RecordedRequest } from "../http/request-record.ts";
import type { PageLink } from "./page-links.ts";
import type { Tenants } from "../tenant-service/tenants.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";

/** What the page shows. It changes nothing by itself: what is done on it goes through `call`, the control API. */
export interface PageData {
  readonly chats: Chats;
  readonly webhooks: WebhookService;
  readonly faults: Faults;
  readonly events: Events;
  readonly clock: SandboxClock & { readonly aheadMs: number };
  readonly state: () => GraphState;
  readonly tenants: () => Tenants;
  /** By service, the oldest first. */
  readonly requests: () => Readonly<Record<string, readonly RecordedRequest[]>>;
  readonly urls: () => Readonly<Record<string, string>>;
  readonly options: () => LiveOptions;
  /** Where a customer writes that nobody has written to. */
  readonly firstNumber: () => string;
  readonly call: Call;
  /** To what lies beside the emulator. */
  readonly links: readonly PageLink[];
}
