import { createCallbackReceiver } from "../callback-receiver/callback-receiver.ts";
import { createChats } from "../chats/chats.ts";
import { setBounded } from "../collections/bounded-map.ts";
import { createClock } from "../control/clock.ts";
import { createControl } from "../control/control.ts";
import { createSnapshots } from "../control/snapshots.ts";
import { withChanges } from "../control/options-schema.ts";
import { createConversationService } from "../conversation-service/conversation-service.ts";
import { createConversations } from "../conversation-service/conversations.ts";
import { createCustomers } from "../customers/customers.ts";
import { quickReplyLabels } from "../customers/offers.ts";
import { createEvents } from "../events/events.ts";
import { createExchange } from "../faults/exchange.ts";
import { createFaults } from "../faults/faults.ts";
import { createAccess } from "../graph/access/graph-access.ts";
import { graphErrorAnswer } from "../graph/graph-error.ts";
import { traceIdOf } from "../graph/graph-ids.ts";
import { createGraphState } from "../graph/graph-state.ts";
import { createGraph } from "../graph/graph.ts";
import { createIds } from "../graph/objects/objects.ts";
import type { StoredTemplate } from "../graph/templates/template-store.ts";
import { templateUpdateOf } from "../graph/templates/template-update.ts";
import { withMaskedTokens } from "../http/masked-tokens.ts";
import { createByteStore } from "../http/byte-store.ts";
import { createHeldRequests } from "../http/held-requests.ts";
import { derivedDisplayNumber } from "../tenant-service/outlet-credentials.ts";
import { createTenantService } from "../tenant-service/tenant-service.ts";
import { createTenants } from "../tenant-service/tenants.ts";
import { createWebhooks } from "../webhooks/webhooks.ts";
import { accountsOf } from "./accounts-of.ts";
import { loadSamples } from "./load-samples.ts";
import type { ServicesOptions } from "./sandbox-options.ts";
import { savedParts } from "./saved-parts.ts";
import { statusesWithWebhooks } from "./statuses-with-webhooks.ts";

/** Builds the services and what they share, without sockets. */
export function createServices(initial: ServicesOptions, urls: () => Readonly<Record<string, string>> = () => ({})) {
  const { keep = 10_000 } = initial;
  let options = initial;
  const clock = createClock(initial.now);
  const { now } = clock;
  let tenants = newTenants();
  const byteStore = createByteStore();
  const ids = createIds();
  const { wabaOf, numbersOf, kindOf, firstNumber } = accountsOf(
    () => tenants,
    () => state,
  );
  let state = newGraphState();
  let conversations = createConversations(keep);
  let traces = 0;

  function newTenants() {
    const { tenants: seeded = {}, tokens = {}, defaultQuota = 1_000_000 } = options;
    return createTenants({ tenants: seeded, tokens, defaultQuota }, now);
  }

  function newGraphState() {
    const accountOf = (phoneNumberId: string) => tenants.wabaOf(phoneNumberId);
    const derivedNumberOf = derivedDisplayNumber;
    const onTemplateDecision = tellOfTemplate;
    return createGraphState(options, {
      now,
      keep,
      ids,
      byteStore,
      wabaOf,
      accountOf,
      derivedNumberOf,
      onTemplateDecision,
    });
  }

  function nextTraceId(): string {
    traces += 1;
    return traceIdOf(traces);
  }

  function tellOfTemplate(template: StoredTemplate): void {
    const wabaId = template.accountId ?? wabaOf(firstNumber());
    webhooks.raw({ wabaId, field: "message_template_status_update", value: templateUpdateOf(template) });
  }

  function notify(phoneNumberId: string, field: string, value: Readonly<Record<string, unknown>>): void {
    if (phoneNumberId !== "") webhooks.raw({ phoneNumberId, field, value });
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
      displayPhoneNumber: state.numbers.displayNumberOf(phoneNumberId),
    }),
    isSubscribed: (wabaId) => !state.accounts.has(wabaId) || state.accounts.of(wabaId).isSubscribed,
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
    access: createAccess(() => tenants.tokens, numbersOf),
    tokens: () => tenants.tokens,
    state: () => state,
    now,
    nextId: ids.next,
    byteStore,
    wabaOf,
    numbersOf,
    namedAccounts: () => tenants.accounts(),
    kindOf,
    messages: () => chats.allSent(),
    statusesOf: (wamid) => statusesWithWebhooks(chats.find(wamid), webhooks.sent),
    notify,
    callbacks: {
      set: (scope, url, verifyToken) => webhooks.override(url, verifyToken, scope),
      clear: (scope) => webhooks.clearOverride(scope),
    },
    onAccepted(message) {
      chats.sent(message, now());
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
    firstNumber,
    labelsOf({ content, phoneNumberId }) {
      return quickReplyLabels(state.templates.usedBy(content, tenants.wabaOf(phoneNumberId))?.components ?? []);
    },
    keepFile: (file) => state.media.addBytes(file),
  });
  const parts = savedParts({
    options: { get: () => options, set: setOptions },
    clock,
    ids,
    tenant,
    state: () => state,
    tenants: () => tenants,
    conversations: () => conversations,
    graph,
    chats,
    faults,
    webhooks,
  });
  const snapshots = createSnapshots(parts, reset);
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
    snapshots,
    loadSamples: () => loadSamples({ open: createServices, snapshots, tenants: () => tenants, now }),
    reset,
  });

  function setOptions(next: ServicesOptions): void {
    options = next;
    reset();
  }

  function changeOptions(changes: Parameters<typeof withChanges>[1]): void {
    const next = withChanges(options, changes);
    const { url, appSecret } = next.webhooks ?? {};
    if (changes.webhooks !== undefined) webhooks.target(url && appSecret ? { url, appSecret } : undefined);
    setOptions(next);
  }

  function requests() {
    return {
      graph: [...graph.log.entries(), ...graph.calls.entries()].toSorted((one, other) => one.at - other.at),
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
    state.media.clear();
    state = newGraphState();
    graph.reset();
    conversations = createConversations(keep);
    tenant.reset();
    conversation.log.clear();
    callbacks.reset();
    chats.clear();
    events.emit("reset", () => ({}));
  }

  return {
    requests,
    options: () => options,
    firstNumber,
    graph,
    tenant,
    conversation,
    callbacks,
    control,
    snapshots,
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
