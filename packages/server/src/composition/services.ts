import { createStoredQuota } from "@message-sender/core";
import {
  createConversationServiceHistory,
  createServiceClient,
  createStatusCallbacks,
  createTenantServiceCallbacks,
  createTenantServiceCredentials,
  createTenantServiceQuota,
  createWebhookForwarding,
  type TenantSource,
} from "@message-sender/http-adapter/outbound";

import type { CompositionOptions } from "./composition-options.ts";
import { registered, registeringReceivers } from "./registered-secrets.ts";
import { type OnClose, type Provide, tokens } from "./tokens.ts";

/** The sources of credentials and quota, and the receivers of history, webhooks and status callbacks. */
export function provideServices(provide: Provide, options: CompositionOptions, onClose: OnClose): void {
  const { serviceToken, tenantSource, webhookForwarding, redaction: secrets } = options;

  const serviceClient = (url: string | undefined) => {
    if (url === undefined) return undefined;
    const client = createServiceClient({
      url,
      ...(serviceToken !== undefined && { token: registered(serviceToken, secrets) }),
    });
    onClose(client.close);
    return client;
  };
  provide(tokens.tenantService, () => serviceClient(options.tenantServiceUrl));
  provide(tokens.conversationService, () => serviceClient(options.conversationServiceUrl));

  provide(tokens.credentials, (get) => {
    const client = get(tokens.tenantService);
    return client ? createTenantServiceCredentials(client) : present(tenantSource).credentials;
  });
  provide(tokens.quota, (get) => {
    const client = get(tokens.tenantService);
    const clock = get(tokens.clock);
    if (client) return createTenantServiceQuota(client, { clock });
    const { quotaCounters: counters } = get(tokens.store);
    return createStoredQuota({ counters, clock, limitOf: present(tenantSource).limitOf });
  });
  provide(tokens.history, (get) => {
    const client = get(tokens.conversationService);
    return client && createConversationServiceHistory(client);
  });
  provide(tokens.webhookForwarding, () => {
    if (!webhookForwarding) return undefined;
    const { url, secret } = webhookForwarding;
    const forwarder = createWebhookForwarding({ url, secret: registered(secret, secrets) });
    onClose(forwarder.close);
    return forwarder;
  });
  provide(tokens.statusCallbacks, (get) => {
    const { url, secret, allowPrivate } = options.statusCallbacks ?? {};
    const client = get(tokens.tenantService);
    const clock = get(tokens.clock);
    const tenants = client ? createTenantServiceCallbacks(client, { clock }) : tenantSource?.callbacks;
    const callbacks = createStatusCallbacks({
      clock,
      ...(url !== undefined && secret !== undefined && { receiver: { url, secret: registered(secret, secrets) } }),
      ...(tenants && { tenants: registeringReceivers(tenants, secrets) }),
      ...(allowPrivate !== undefined && { allowPrivate }),
    });
    onClose(callbacks.close);
    return callbacks;
  });
}

function present(source: TenantSource | undefined): TenantSource {
  if (!source) throw new Error("a service without a Tenant Service needs a source of tenants");
  return source;
}
