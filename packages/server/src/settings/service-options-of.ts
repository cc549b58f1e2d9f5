import { ok, type Result } from "neverthrow";

import { defined } from "../defined.ts";
import type { ServiceOptions } from "../service-options.ts";
import type { Settings } from "./environment.ts";
import { readSettings, type ReadSettingsOptions, type SettingError, type Variables } from "./read-settings.ts";

const dayMs = 86_400_000;

/**
 * The service options of an environment, by the variables that `message-sender serve` reads.
 *
 * @example
 * ```ts
 * const options = optionsFromEnvironment(process.env);
 * if (options.isErr()) throw new Error(options.error.map(({ variable, detail }) => `${variable} ${detail}`).join("\n"));
 * const service = await createService(options.value);
 * ```
 */
export function optionsFromEnvironment(
  variables: Variables,
  options?: ReadSettingsOptions,
): Result<ServiceOptions, readonly SettingError[]> {
  return readSettings(variables, options).andThen((settings) => ok(serviceOptionsOf(settings)));
}

function serviceOptionsOf(settings: Settings): ServiceOptions {
  return {
    databaseUrl: settings.DATABASE_URL,
    processLeaseMs: settings.PROCESS_LEASE_MS,
    graphUrl: settings.GRAPH_API_URL,
    graphVersion: settings.GRAPH_API_VERSION,
    graphMaxConnections: settings.GRAPH_MAX_CONNECTIONS,
    ...defined({
      partitionDays: settings.PARTITION_DAYS,
      tenantServiceUrl: settings.TENANT_SERVICE_URL,
      tenantsFile: settings.TENANTS_FILE,
      conversationServiceUrl: settings.CONVERSATION_SERVICE_URL,
      serviceToken: settings.SERVICE_TOKEN,
      errorRulesFile: settings.ERROR_RULES_FILE,
      apiKeysFile: settings.API_KEYS_FILE,
      trustedProxies: settings.TRUSTED_PROXIES,
    }),
    ...proxyOf(settings),
    ...webhooksOf(settings),
    statusCallbacks: callbacksOf(settings),
    pacing: {
      rates: settings.PACING === "on",
      numberPerSecond: settings.PACE_NUMBER_PER_SECOND,
      pairBurst: settings.PACE_PAIR_BURST,
      ...(settings.PACE_SHARED !== "auto" && { shared: settings.PACE_SHARED === "on" }),
      bookAheadMs: settings.PACE_BOOK_AHEAD_MS,
    },
    overload: { loopDelayMs: settings.SHED_LOOP_DELAY_MS, storeWaitMs: settings.SHED_STORE_MS },
    retry: {
      scheduleMs: settings.RETRY_SCHEDULE_MS,
      jitter: settings.RETRY_JITTER,
      attemptTimeoutMs: settings.ATTEMPT_TIMEOUT_MS,
      sendDeadlineMs: settings.SEND_DEADLINE_MS,
      ttlMs: settings.DEFAULT_TTL_SECONDS * 1000,
    },
    ambiguity: { onAmbiguous: settings.ON_AMBIGUOUS, evidenceMs: settings.AMBIGUITY_EVIDENCE_MS },
    queue: { pollMs: settings.QUEUE_POLL_MS, limitPerTenant: settings.QUEUE_LIMIT_PER_TENANT },
    retention: { keptMs: settings.RETENTION_DAYS * dayMs },
    logNumbers: settings.LOG_NUMBERS,
  };
}

/**
 * The options of `message-sender serve`. Without API keys it listens on loopback only, refuses requests with a key, which would not
 * be checked, and accepts only known Host names. With API keys a name says nothing: whoever has no key gets nothing.
 */
export function serverOptionsOf(settings: Settings): ServiceOptions {
  const { ALLOWED_HOSTS: allowedHosts } = settings;
  return {
    ...serviceOptionsOf(settings),
    console: true,
    ...(settings.API_KEYS_FILE === undefined
      ? { access: "open", apiKeys: "refused", allowedHosts: allowedHosts ?? [] }
      : { allowedHosts: allowedHosts ?? "any", foreignOrigins: "refused" }),
  };
}

function webhooksOf({
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: verifyToken,
  WEBHOOK_FORWARD_URL: url,
  CALLBACK_SECRET: secret,
}: Settings): Pick<ServiceOptions, "webhooks" | "webhookForwarding"> {
  return {
    ...(appSecret && verifyToken && { webhooks: { appSecret, verifyToken } }),
    ...(url !== undefined && secret && { webhookForwarding: { url, secret } }),
  };
}

function proxyOf({ HTTPS_PROXY: url, NO_PROXY: except }: Settings): Pick<ServiceOptions, "proxy"> {
  return url ? { proxy: { url, ...(except && { except }) } } : {};
}

function callbacksOf(settings: Settings): NonNullable<ServiceOptions["statusCallbacks"]> {
  const { STATUS_CALLBACK_URL: url, CALLBACK_SECRET: secret, CALLBACK_ALLOW_PRIVATE: allowsPrivate } = settings;
  return { ...(url !== undefined && secret && { url, secret }), ...(allowsPrivate === "on" && { allowPrivate: true }) };
}
