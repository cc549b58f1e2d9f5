import "reflect-metadata";

import {
  type Clock,
  createMessageSender,
  createPacer,
  createStoredQuota,
  type Credentials,
  type History,
  type Ids,
  type MessageSender,
  type MessageSenderPorts,
  type Pacer,
  type Quota,
  type Telemetry,
} from "@message-sender/core";
import { createSystemClock, createSystemIds } from "@message-sender/core/node";
import { createHttpApp, type WebhookOptions } from "@message-sender/http-adapter/inbound";
import {
  createConversationServiceHistory,
  createGraphMedia,
  createGraphTransport,
  createServiceClient,
  createTenantServiceCredentials,
  createTenantServiceQuota,
  createWebhookForwarding,
  type GraphErrorOverrides,
  type GraphMedia,
  type GraphTransport,
  type ServiceClient,
  type TenantsFile,
  type WebhookForwarder,
} from "@message-sender/http-adapter/outbound";
import type { Logger } from "pino";
import { container as root, type DependencyContainer, instanceCachingFactory } from "tsyringe";

import type { Config } from "./settings/settings.ts";
import { createLogTelemetry } from "./log/log-telemetry.ts";
import type { Store } from "./store.ts";

declare const held: unique symbol;
/** A name in the container that remembers what it stands for. */
type Token<T> = symbol & { readonly [held]?: T };

const token = <T>(name: string): Token<T> => Symbol(name) as Token<T>;

const tokens = {
  clock: token<Clock>("clock"),
  ids: token<Ids>("ids"),
  store: token<Store>("store"),
  telemetry: token<Telemetry>("telemetry"),
  pacer: token<Pacer>("pacer"),
  transport: token<GraphTransport>("transport"),
  media: token<GraphMedia>("media"),
  tenantService: token<ServiceClient | undefined>("tenant service"),
  conversationService: token<ServiceClient | undefined>("conversation service"),
  credentials: token<Credentials>("credentials"),
  quota: token<Quota>("quota"),
  history: token<History | undefined>("history"),
  webhookForwarding: token<WebhookForwarder | undefined>("webhook forwarding"),
  sender: token<MessageSender>("sender"),
};

export interface ContainerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Is closed with the service. */
  readonly store: Store;
  /** Where tenants come from when there is no Tenant Service. */
  readonly tenantsFile?: TenantsFile;
  /** What error codes mean, where the operator knows better than the table. */
  readonly errorRules?: GraphErrorOverrides;
  /** Is told what the log is told. */
  readonly alsoTell?: Telemetry;
  /** Changes the ports before a sender is made of them. */
  readonly decorate?: (ports: MessageSenderPorts) => MessageSenderPorts;
}

/** A sender with everything that belongs to it, put together from the settings. */
export interface Service {
  readonly sender: MessageSender;
  readonly app: ReturnType<typeof createHttpApp>;
  /** Closes the sender, then what it used. */
  close(): Promise<void>;
}

export function createService(options: ContainerOptions): Service {
  const container = root.createChildContainer();
  register(container, options);
  const sender = get(container, tokens.sender);
  const webhooks = webhooksOf(options.config);
  const app = createHttpApp({
    sender,
    clock: get(container, tokens.clock),
    // Without API keys a server listens on loopback only.
    access: "open",
    allowedHosts: options.config.ALLOWED_HOSTS ?? [],
    apiKeys: "refused",
    logger: options.logger,
    ...(webhooks && {
      webhooks: { ...webhooks, describeFailure: get(container, tokens.transport).describeFailure },
    }),
  });

  async function close(): Promise<void> {
    await sender.close();
    await options.store.close?.();
    await Promise.all([
      options.tenantsFile?.close(),
      get(container, tokens.transport).close(),
      get(container, tokens.media).close(),
      get(container, tokens.tenantService)?.close(),
      get(container, tokens.conversationService)?.close(),
      get(container, tokens.webhookForwarding)?.close(),
    ]);
  }
  return { sender, app, close };
}

function register(
  container: DependencyContainer,
  { config, logger, store, tenantsFile, errorRules, alsoTell, decorate = (ports) => ports }: ContainerOptions,
): void {
  const provide = <T>(name: Token<T>, create: (from: DependencyContainer) => T): void => {
    container.register(name, { useFactory: instanceCachingFactory(create) });
  };
  const serviceClient = (url: string | undefined): ServiceClient | undefined =>
    url === undefined
      ? undefined
      : createServiceClient({ url, ...(config.SERVICE_TOKEN && { token: config.SERVICE_TOKEN }) });

  provide(tokens.clock, createSystemClock);
  provide(tokens.ids, createSystemIds);
  provide(tokens.store, () => store);
  provide(tokens.telemetry, () => {
    const log = createLogTelemetry(logger);
    return {
      record: (event) => {
        log.record(event);
        alsoTell?.record(event);
      },
    };
  });
  provide(tokens.pacer, (from) =>
    createPacer({
      clock: get(from, tokens.clock),
      permits: config.GRAPH_MAX_CONNECTIONS,
      rates: config.PACING === "on",
      numberPerSecond: config.PACE_NUMBER_PER_SECOND,
      pairBurst: config.PACE_PAIR_BURST,
      telemetry: get(from, tokens.telemetry),
    }),
  );
  const graph = {
    url: config.GRAPH_API_URL,
    version: config.GRAPH_API_VERSION,
    ...(errorRules && { errorRules }),
  };
  provide(tokens.transport, () => createGraphTransport({ ...graph, maxConnections: config.GRAPH_MAX_CONNECTIONS }));
  provide(tokens.media, () => createGraphMedia(graph));
  provide(tokens.tenantService, () => serviceClient(config.TENANT_SERVICE_URL));
  provide(tokens.conversationService, () => serviceClient(config.CONVERSATION_SERVICE_URL));
  provide(tokens.credentials, (from) => {
    const client = get(from, tokens.tenantService);
    return client ? createTenantServiceCredentials(client) : neededFile(tenantsFile).credentials;
  });
  provide(tokens.quota, (from) => {
    const client = get(from, tokens.tenantService);
    const clock = get(from, tokens.clock);
    if (client) return createTenantServiceQuota(client, { clock });
    const { quotaCounters: counters } = get(from, tokens.store);
    return createStoredQuota({ counters, clock, limitOf: neededFile(tenantsFile).limitOf });
  });
  provide(tokens.history, (from) => {
    const client = get(from, tokens.conversationService);
    return client && createConversationServiceHistory(client);
  });
  provide(tokens.webhookForwarding, () => {
    const { WEBHOOK_FORWARD_URL: url, CALLBACK_SECRET: secret } = config;
    return url !== undefined && secret ? createWebhookForwarding({ url, secret }) : undefined;
  });
  provide(tokens.sender, (from) => {
    const history = get(from, tokens.history);
    const webhookForwarding = get(from, tokens.webhookForwarding);
    return createMessageSender(
      decorate({
        ...get(from, tokens.store),
        clock: get(from, tokens.clock),
        ids: get(from, tokens.ids),
        telemetry: get(from, tokens.telemetry),
        pacer: get(from, tokens.pacer),
        transport: get(from, tokens.transport),
        readReceipts: get(from, tokens.transport).readReceipts,
        media: get(from, tokens.media),
        credentials: get(from, tokens.credentials),
        quota: get(from, tokens.quota),
        ...(history && { history }),
        ...(webhookForwarding && { webhookForwarding }),
      }),
      {
        retry: {
          scheduleMs: config.RETRY_SCHEDULE_MS,
          jitter: config.RETRY_JITTER,
          attemptTimeoutMs: config.ATTEMPT_TIMEOUT_MS,
          sendDeadlineMs: config.SEND_DEADLINE_MS,
          ttlMs: config.DEFAULT_TTL_SECONDS * 1000,
        },
        ambiguity: {
          onAmbiguous: config.ON_AMBIGUOUS,
          ...(webhooksOf(config) && { evidenceMs: config.AMBIGUITY_EVIDENCE_MS }),
        },
        retention: { keptMs: config.RETENTION_DAYS * dayMs },
        // The file is read from memory and reloads itself, so nothing is gained by remembering what it said.
        ...(config.TENANT_SERVICE_URL === undefined && { credentialsTtlMs: 0 }),
      },
    );
  });
}

const dayMs = 86_400_000;

/** Webhooks are taken when both of their settings are there. */
function webhooksOf({ WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN }: Config): WebhookOptions | undefined {
  if (!WHATSAPP_APP_SECRET || !WHATSAPP_VERIFY_TOKEN) return undefined;
  return {
    appSecrets: WHATSAPP_APP_SECRET,
    verifyToken: WHATSAPP_VERIFY_TOKEN,
  };
}

function get<T>(container: DependencyContainer, name: Token<T>): T {
  return container.resolve<T>(name);
}

function neededFile(file: TenantsFile | undefined): TenantsFile {
  if (!file) throw new Error("set TENANT_SERVICE_URL or TENANTS_FILE, or try it with serve --sandbox");
  return file;
}
