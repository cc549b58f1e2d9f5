import { createClock } from "../control/clock.ts";
import { createControl } from "../control/control.ts";
import { createConversationService } from "../conversation-service/conversation-service.ts";
import { createConversations } from "../conversation-service/conversations.ts";
import { createExchange } from "../faults/exchange.ts";
import { createFaults } from "../faults/faults.ts";
import { createGraph } from "../graph/graph.ts";
import { traceIdOf } from "../graph/graph-ids.ts";
import { createGraphState, type GraphOptions } from "../graph/graph-state.ts";
import { createMediaStore } from "../graph/media.ts";
import { derivedDisplayNumber, derivedWabaId } from "../tenant-service/outlet-credentials.ts";
import { remember } from "../http/request-log.ts";
import type { QuotaState } from "../tenant-service/tenant-quota.ts";
import { createTenantService } from "../tenant-service/tenant-service.ts";
import { createTenants, type TenantSeed } from "../tenant-service/tenants.ts";
import type { TokenSeed } from "../graph/tokens.ts";
import { createWaiting } from "../http/waiting.ts";
import { createWebhooks, type WebhookOptions } from "../webhooks/webhooks.ts";

export interface ServicesOptions extends GraphOptions {
  /** By tenant id. Default: any tenant with any outlet; once one is seeded, all others are unknown. */
  readonly tenants?: Readonly<Record<string, TenantSeed>>;
  /** Beside those of the seeded outlets. Default: any token for any number; once one is seeded, all others are unknown. */
  readonly tokens?: Readonly<Record<string, TokenSeed>>;
  /** The limit of a tenant that is seeded without one. Default: 1,000,000. */
  readonly defaultQuota?: number;
  /** false: the Tenant Service has no reservations, and `used` only moves by `setUsed`. */
  readonly reservations?: boolean;
  /** false: the Conversation Service takes single messages only. */
  readonly batch?: boolean;
  /** What the Conversation Service answers, without a body, when it has stored what it was told. Default: 201, and 207 for a batch, with a body. */
  readonly storedStatus?: 200 | 201 | 202 | 204;
  /** What the Tenant Service and the Conversation Service ask for as a bearer token. Default: nothing. */
  readonly serviceToken?: string;
  /** Signed status webhooks. Default: none, until `webhooks.target` names where they go. */
  readonly webhooks?: WebhookOptions;
  /** The machine's time in milliseconds, which the sandbox's clock goes by. Default: `Date.now`. */
  readonly now?: () => number;
  /** How many requests each log keeps, and how many messages the Conversation Service. Default: 10,000. */
  readonly keep?: number;
}

/** The three services and what they share, without a socket. */
export function createServices(options: ServicesOptions, urls: () => Readonly<Record<string, string>> = () => ({})) {
  const { keep = 10_000, serviceToken, reservations = true, batch = true, storedStatus } = options;
  const seeds = {
    tenants: options.tenants ?? {},
    tokens: options.tokens ?? {},
    defaultQuota: options.defaultQuota ?? 1_000_000,
  };
  const clock = createClock(options.now);
  let tenants = createTenants(seeds, clock.now);
  const media = createMediaStore(keep, clock.now);
  let state = createGraphState(options, { clock, media, wabaOf });
  let conversations = createConversations(keep);
  let traces = 0;

  function nextTraceId(): string {
    traces += 1;
    return traceIdOf(traces);
  }

  function wabaOf(phoneNumberId: string): string {
    return tenants.wabaOf(phoneNumberId) ?? derivedWabaId(phoneNumberId);
  }

  const faults = createFaults();
  const waiting = createWaiting();
  const exchange = createExchange({ faults, waiting, nextTraceId });
  const webhooks = createWebhooks(options.webhooks ?? {}, {
    keep,
    clock,
    audience: () => state.audience,
    sourceOf: (phoneNumberId) => ({
      wabaId: wabaOf(phoneNumberId),
      displayPhoneNumber: derivedDisplayNumber(phoneNumberId),
    }),
    onInbound(phoneNumberId, id) {
      remember(state.inbound, `${phoneNumberId}/${id}`, true, keep);
      state.limiter.received(phoneNumberId);
    },
  });
  const graph = createGraph({
    exchange,
    keep,
    nextTraceId,
    tokens: () => tenants.tokens,
    state: () => state,
    wabaOf,
    onAccepted: webhooks.accepted,
  });
  const tenant = createTenantService({ exchange, keep, reservations, serviceToken, tenants: () => tenants });
  const conversation = createConversationService({
    exchange,
    keep,
    batch,
    storedStatus,
    serviceToken,
    conversations: () => conversations,
  });
  const control = createControl({
    urls,
    requests,
    faults,
    webhooks,
    clock,
    state: () => state,
    receipts: () => graph.receipts.entries(),
    setQuota,
    reset,
  });

  function requests() {
    return {
      graph: graph.log.entries(),
      tenant: tenant.log.entries(),
      conversation: conversation.log.entries(),
    };
  }

  function setQuota(tenantId: string, limit: number): QuotaState {
    const quota = tenants.ensureQuota(tenantId);
    quota.setLimit(limit);
    return quota.state();
  }

  function reset(): void {
    faults.clear();
    waiting.releaseAll();
    webhooks.reset();
    clock.reset();
    tenants = createTenants(seeds, clock.now);
    media.clear();
    state = createGraphState(options, { clock, media, wabaOf });
    conversations = createConversations(keep);
    graph.log.clear();
    graph.accepted.clear();
    graph.receipts.clear();
    tenant.reset();
    conversation.log.clear();
  }

  return {
    graph,
    tenant,
    conversation,
    control,
    faults,
    webhooks,
    waiting,
    clock,
    state: () => state,
    tenants: () => tenants,
    conversations: () => conversations,
    reset,
  };
}
