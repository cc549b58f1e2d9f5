import { createCallbackReceiver } from "../callback-receiver/callback-receiver.ts";
import { createChats } from "../chats/chats.ts";
import { setBounded } from "../collections/bounded-map.ts";
import { createClock } from "../control/clock.ts";
import { createControl } from "../control/control.ts";
import { withChanges } from "../control/options-schema.ts";
import { withMaskedTokens } from "../control/log-routes.ts";
import { createConversationService } from "../conversation-service/conversation-service.ts";
import { createConversations } from "../conversation-service/conversations.ts";
import { createCustomers } from "../customers/customers.ts";
import { createEvents } from "../events/events.ts";
import { createExchange } from "../faults/exchange.ts";
import { createFaults } from "../faults/faults.ts";
import { graphErrorAnswer } from "../graph/graph-error.ts";
import { traceIdOf } from "../graph/graph-ids.ts";
import { createGraphState } from "../graph/graph-state.ts";
import { createGraph } from "../graph/graph.ts";
import { createMediaStore } from "../graph/media/media.ts";
import { createHeldRequests } from "../http/held-requests.ts";
import { derivedDisplayNumber, derivedWabaId } from "../tenant-service/outlet-credentials.ts";
import { createTenantService } from "../tenant-service/tenant-service.ts";
import { createTenants } from "../tenant-service/tenants.ts";
import { createWebhooks } from "../webhooks/webhooks.ts";
import type { ServicesOptions } from "./sandbox-options.ts";
import { savedParts } from "./saved-parts.ts";

/** The number in Meta's examples. */
const sampleNumber = "106540352242922";

/** Builds the services and what they share, without sockets. */
export function createServices(initial: ServicesOptions, urls: () => Readonly<Record<string, string>> = () => ({})) {
  const { keep = 10_000 } = initial;
  let options = initial;
  const clock = createClock(initial.now);
  const { now } = clock;
  let tenants = newTenants();
  const media = createMediaStore(keep, now);
  let state = createGraphState(options, { now, media, wabaOf });
  let conversations = createConversations(keep);
  let traces = 0;

  function newTenants() {
    const { tenants: seeded = {}, tokens = {}, defaultQuota = 1_000_000 } = options;
    return createTenants({ tenants: seeded, tokens, defaultQuota }, now);
  }

  function nextTraceId(): string {
    traces += 1;
    return traceIdOf(traces);
  }

  function wabaOf(phoneNumberId: string): string {
    return tenants.wabaOf(phoneNumberId) ?? derivedWabaId(phoneNumberId);
  }

  const events = createEvents();
  const chats = createChats(keep, (person) => state.audience.phoneOf(person) ?? state.audience.idOf(person));

  function tellMessage(id: string): void {
    events.emit("message", () => chats.find(id) ?? {});
  }

  const faults = createFaults();
  const held = createHeldRequests();
  const exchange = createExchange({
    faults,
    held,
    onEnded: (service, record) => events.emit("request", () => ({ service, ...withMaskedTokens(record) })),
    graphErrorAnswer: ({ graphError: code, ...rest }) => graphErrorAnswer({ code, ...rest }, nextTraceId()),
  });
  const webhooks = createWebhooks(() => options.webhooks ?? {}, {
    keep,
    now,
    audience: () => state.audience,
    sourceOf: (phoneNumberId) => ({
      wabaId: wabaOf(phoneNumberId),
      displayPhoneNumber: derivedDisplayNumber(phoneNumberId),
    }),
    onInbound(received) {
      const { phoneNumberId } = received.person;
      setBounded(state.inbound, `${phoneNumberId}/${received.id}`, true, keep);
      state.limiter.received(phoneNumberId);
      chats.received(received);
      tellMessage(received.id);
    },
    onStatus(event) {
      chats.reported(event);
      events.emit("status", () => chats.find(event.message.wamid) ?? {});
    },
    onSent: (record) => events.emit("webhook", () => record),
  });
  const graph = createGraph({
    exchange,
    keep,
    nextTraceId,
    tokens: () => tenants.tokens,
    state: () => state,
    wabaOf,
    displayNumberOf: derivedDisplayNumber,
    numbersOf: (wabaId) => tenants.numbersOf(wabaId),
    onAccepted(message) {
      chats.sent(message);
      tellMessage(message.wamid);
      webhooks.accepted(message);
    },
  });
  const tenant = createTenantService({
    exchange,
    keep,
    get reservations() {
      return options.reservations ?? true;
    },
    get serviceToken() {
      return options.serviceToken;
    },
    tenants: () => tenants,
  });
  const conversation = createConversationService({
    exchange,
    keep,
    get batch() {
      return options.batch ?? true;
    },
    get storedStatus() {
      return options.storedStatus;
    },
    get serviceToken() {
      return options.serviceToken;
    },
    conversations: () => conversations,
  });
  const callbacks = createCallbackReceiver({ exchange, keep });
  const customers = createCustomers({
    chats,
    webhooks,
    firstNumber: () => tenants.firstNumber() ?? sampleNumber,
    keepFile: (file) => state.media.addBytes(file),
  });
  const control = createControl({
    events,
    chats,
    customers,
    urls,
    requests,
    faults,
    webhooks,
    clock,
    state: () => state,
    receipts: () => graph.receipts.entries(),
    tenants: () => tenants,
    callbacks: callbacks.events.entries,
    options: { get: () => options, change: changeOptions },
    parts: savedParts({
      options: { get: () => options, set: (next) => (options = next) },
      clock,
      state: () => state,
      tenants: () => tenants,
      conversations: () => conversations,
      graph,
      chats,
      faults,
      webhooks,
    }),
    reset,
  });

  function changeOptions(changes: Parameters<typeof withChanges>[1]): void {
    options = withChanges(options, changes);
    const { url, appSecret } = options.webhooks ?? {};
    if (changes.webhooks !== undefined) webhooks.target(url && appSecret ? { url, appSecret } : undefined);
    reset();
  }

  function requests() {
    return {
      graph: graph.log.entries(),
      tenant: tenant.log.entries(),
      conversation: conversation.log.entries(),
      callbacks: callbacks.log.entries(),
    };
  }

  function reset(): void {
    faults.clear();
    held.releaseAll();
    webhooks.reset();
    clock.reset();
    tenants = newTenants();
    media.clear();
    state = createGraphState(options, { now, media, wabaOf });
    conversations = createConversations(keep);
    graph.log.clear();
    graph.accepted.clear();
    graph.receipts.clear();
    tenant.reset();
    conversation.log.clear();
    callbacks.reset();
    chats.clear();
    events.emit("reset", () => ({}));
  }

  return {
    graph,
    tenant,
    conversation,
    callbacks,
    control,
    chats,
    events,
    faults,
    webhooks,
    held,
    clock,
    state: () => state,
    tenants: () => tenants,
    conversations: () => conversations,
    reset,
  };
}
