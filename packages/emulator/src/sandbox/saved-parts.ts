import type { Chats } from "../chats/chats.ts";
import type { ResettableClock } from "../control/clock.ts";
import { liveOptionsOf, optionsSchema, withChanges } from "../control/options-schema.ts";
import type { SavedPart } from "../control/snapshots.ts";
import type { Conversations, SavedConversationMessage } from "../conversation-service/conversations.ts";
import type { FaultRegistry } from "../faults/faults.ts";
import type { GraphState } from "../graph/graph-state.ts";
import type { Graph } from "../graph/graph.ts";
import { messageStatusesSchema } from "../graph/message-statuses.ts";
import type { SavedMedia } from "../graph/media/media-store.ts";
import type { SavedMemory } from "../collections/memory.ts";
import type { Ids } from "../graph/objects/objects.ts";
import type { GraphReceipt } from "../graph/receipts.ts";
import type { SavedTemplates } from "../graph/templates/template-store.ts";
import { usageSchema } from "../graph/usage.ts";
import type { TenantService } from "../tenant-service/tenant-service.ts";
import type { SavedTenants, Tenants } from "../tenant-service/tenants.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";
import type { ServicesOptions } from "./sandbox-options.ts";

interface Saved {
  readonly options: { readonly get: () => ServicesOptions; readonly set: (options: ServicesOptions) => void };
  readonly clock: ResettableClock;
  readonly ids: Ids;
  readonly state: () => GraphState;
  readonly tenant: TenantService;
  readonly tenants: () => Tenants;
  readonly conversations: () => Conversations;
  readonly graph: Pick<Graph, "wamids" | "receipts">;
  readonly chats: Chats;
  readonly faults: FaultRegistry;
  readonly webhooks: WebhookService;
}

/** What a snapshot has, in the order in which it is restored. A new kind of state is a line here. */
export function savedParts(of: Saved): Readonly<Record<string, SavedPart>> {
  const { options, clock, ids, state, tenant, tenants, conversations, graph, chats, faults, webhooks } = of;

  return {
    options: part(
      () => liveOptionsOf(options.get()),
      (saved: object) => options.set(withChanges(options.get(), optionsSchema.parse(saved))),
    ),
    clock: part(() => clock.aheadMs, clock.advance),
    limits: part(
      () => state().limiter.limits,
      (limits: GraphState["limiter"]["limits"]) => void (state().limiter.limits = limits),
    ),
    templates: part(
      () => state().templates.save(),
      (saved: SavedTemplates) => state().templates.restore(saved),
    ),
    media: part(
      () => state().media.save(),
      (saved: readonly SavedMedia[]) => state().media.restore(saved),
    ),
    messageStatuses: part(
      () => state().messageStatuses,
      (saved: unknown) => void (state().messageStatuses = messageStatusesSchema.parse(saved)),
    ),
    usage: part(
      () => state().usage,
      (saved: unknown) => void (state().usage = usageSchema.parse(saved)),
    ),
    ids: part(
      () => ids.count,
      (count: number) => void (ids.count = count),
    ),
    graph: part(
      () => state().memory.save(),
      (saved: SavedMemory) => state().memory.restore(saved),
    ),
    receipts: part(
      () => graph.receipts.entries(),
      (saved: readonly GraphReceipt[]) => {
        for (const receipt of saved) graph.receipts.add(receipt);
      },
    ),
    wamids: part(
      () => graph.wamids,
      (count: number) => void (graph.wamids = count),
    ),
    messages: part(chats.save, chats.restore),
    tenants: part(
      () => tenants().save(),
      (saved: SavedTenants) => tenants().restore(saved),
    ),
    reservations: part(tenant.save, tenant.restore),
    conversations: part(
      () => conversations().save(),
      (saved: readonly SavedConversationMessage[]) => conversations().restore(saved),
    ),
    faults: part(faults.save, faults.restore),
    webhooks: part(webhooks.save, webhooks.restore),
  };
}

function part<T>(save: () => unknown, restore: (saved: T) => void): SavedPart {
  return { save, restore };
}
