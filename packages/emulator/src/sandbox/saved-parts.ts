import type { Chats } from "../chats/chats.ts";
import type { ResettableClock } from "../control/clock.ts";
import { liveOptionsOf, optionsSchema, withChanges } from "../control/options-schema.ts";
import type { SavedPart } from "../control/snapshot-routes.ts";
import type { Conversations } from "../conversation-service/conversations.ts";
import type { Fault } from "../faults/fault.ts";
import type { Faults } from "../faults/faults.ts";
import type { GraphState } from "../graph/graph-state.ts";
import type { Graph } from "../graph/graph.ts";
import { messageStatusesSchema } from "../graph/message-statuses.ts";
import type { SavedAudience } from "../graph/people/audience.ts";
import type { SavedMedia } from "../graph/media/media-store.ts";
import type { SavedTemplates } from "../graph/templates/template-store.ts";
import { usageSchema } from "../graph/usage.ts";
import type { Tenants } from "../tenant-service/tenants.ts";
import type { WebhookService } from "../webhooks/webhooks.ts";
import type { ServicesOptions } from "./sandbox-options.ts";

interface Saved {
  readonly options: { readonly get: () => ServicesOptions; readonly set: (options: ServicesOptions) => void };
  readonly clock: ResettableClock;
  readonly state: () => GraphState;
  readonly tenants: () => Tenants;
  readonly conversations: () => Conversations;
  readonly graph: Pick<Graph, "wamids">;
  readonly chats: Chats;
  readonly faults: Faults;
  readonly webhooks: WebhookService;
}

/** What a snapshot has, in the order in which it is restored. A new kind of state is a line here. */
export function savedParts(of: Saved): Readonly<Record<string, SavedPart>> {
  const { options, clock, state, tenants, conversations, graph, chats, faults, webhooks } = of;

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
    people: part(
      () => state().audience.save(),
      (saved: SavedAudience) => state().audience.restore(saved),
    ),
    wamids: part(
      () => graph.wamids,
      (count: number) => void (graph.wamids = count),
    ),
    messages: part(chats.save, chats.restore),
    quotas: part(
      () => tenants().quotas(),
      (saved: ReturnType<Tenants["quotas"]>) => {
        for (const [id, { limit, used }] of Object.entries(saved)) {
          const quota = tenants().ensureQuota(id);
          quota.setLimit(limit);
          quota.setUsed(used);
        }
      },
    ),
    conversations: part(
      () => conversations().all(),
      (saved: ReturnType<Conversations["all"]>) => {
        for (const message of saved) conversations().store(message);
      },
    ),
    faults: part(
      () => faults.list().map(({ id: _, hits: __, remove: ___, ...fault }) => fault),
      (saved: readonly Fault[]) => {
        for (const fault of saved) faults.add(fault);
      },
    ),
    webhooks: part(webhooks.save, webhooks.restore),
  };
}

function part<T>(save: () => unknown, restore: (saved: T) => void): SavedPart {
  return { save, restore };
}
