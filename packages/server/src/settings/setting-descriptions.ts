import type { Settings } from "./environment.ts";

/** The purposes of settings, in the order of the documentation. */
export const settingGroups = {
  listen: "Listen on an address",
  access: "Decide who may use the API",
  store: "Keep messages",
  services: "Know tenants, and report what was sent",
  whatsapp: "Reach WhatsApp",
  webhooks: "Receive webhooks, and pass on what they say",
  retries: "Retry, or give up",
  pacing: "Keep to rate limits",
  overload: "Refuse requests when overloaded",
  log: "Log",
  commands: "Run commands",
  never: "Do not set",
} as const;

/** What a setting is for, in Markdown whose links are relative to `docs`. */
export interface SettingDescription {
  readonly group: keyof typeof settingGroups;
  /** The first sentence says what it sets. */
  readonly about: string;
  /** The default in words, where there is no value that says it. */
  readonly otherwise?: string;
  /** A value that is accepted. None: nothing should be set. */
  readonly example?: string;
  /** The options of `createService` that do the same. */
  readonly options?: readonly string[];
}

/** Describes each setting of the schema. */
export const settingDescriptions: Readonly<Record<keyof Settings, SettingDescription>> = {
  HOST: {
    group: "listen",
    about:
      "The address to listen on. Without `API_KEYS_FILE` it must be a loopback address, since anybody who reaches the server could send. `0.0.0.0` is every IPv4 address of the machine, `::` every address.",
    example: "0.0.0.0",
  },
  PORT: { group: "listen", about: "The port to listen on. 0 takes a free one, which is printed.", example: "8080" },
  DOCS_PORT: {
    group: "listen",
    about:
      "A [port of its own](access.md#separate-ports) for `/docs` and `/openapi.json`, which `PORT` then no longer answers. 0 takes a free one.",
    otherwise: "that of the API",
    example: "3001",
  },
  METRICS_PORT: {
    group: "listen",
    about:
      "A [port of its own](access.md#separate-ports) for `/metrics`, which `PORT` then no longer answers. With API keys it needs one of the scope `metrics` there too. 0 takes a free one.",
    otherwise: "that of the API",
    example: "9464",
  },
  API_KEYS_FILE: {
    group: "access",
    about:
      "The file of [API keys](access.md), which `message-sender keys` writes and the server follows. With it, every request to the API needs a key.",
    otherwise: "no keys: everybody who reaches the server may do everything",
    example: "/var/lib/message-sender/api-keys.json",
    options: ["apiKeysFile"],
  },
  ALLOWED_HOSTS: {
    group: "access",
    about: "The host names that requests may name beside loopback names, comma-separated, without ports.",
    otherwise: "none; with API keys, any",
    example: "sender.example.com,10.0.0.5",
    options: ["allowedHosts"],
  },
  TRUSTED_PROXIES: {
    group: "access",
    about:
      "Addresses and CIDR ranges of the proxies in front, comma-separated. Their `X-Forwarded-For` says the client's address in the log.",
    otherwise: "none: the log has the address of the connection",
    example: "10.0.0.0/8,192.0.2.7",
    options: ["trustedProxies"],
  },
  DATABASE_URL: {
    group: "store",
    about:
      "[Where messages are kept](promises.md#durability-beyond-its-store): `sqlite:<file>`, `postgres://…`, or `memory:`, which a restart empties. With `serve --sandbox` the default is `memory:`. [TLS to PostgreSQL](deploy.md#postgresql) is off by default.",
    example: "postgres://sender:password@db.internal:5432/crm",
    options: ["databaseUrl"],
  },
  PROCESS_LEASE_MS: {
    group: "store",
    about:
      "How long the queued messages of a server stay its own after it was last heard of, if several share a PostgreSQL. After a crash, servers on other machines take over that much later. A server that is slower than three quarters of it, because its machine or the database is overloaded, stops sending what is queued until it is heard of again.",
    example: "10000",
    options: ["processLeaseMs"],
  },
  PARTITION_DAYS: {
    group: "store",
    about:
      "How many days of messages are in one partition of PostgreSQL, which drops them at once: a message that is past its retention is kept until its partition is, up to this much longer. Each partition makes every statement a little dearer, so that there should not be more than about 40. A new value is for partitions that are made later.",
    otherwise: "a fifteenth of `RETENTION_DAYS`, rounded up: `2` for 30 days",
    example: "7",
    options: ["partitionDays"],
  },
  RETENTION_DAYS: {
    group: "store",
    about: "How long finished messages and webhooks [are kept](operate.md#privacy).",
    example: "90",
    options: ["retention.keptMs"],
  },
  TENANTS_FILE: {
    group: "services",
    about:
      "A [file with tenants, access tokens and quotas](services.md#without-a-tenant-service), in place of the Tenant Service. The server follows its changes. Only one of the two may be set.",
    example: "tenants.yaml",
    options: ["tenantsFile"],
  },
  TENANT_SERVICE_URL: {
    group: "services",
    about:
      "The [Tenant Service](services.md#tenant-service), which knows access tokens and quotas; or use `TENANTS_FILE`. A path in the URL becomes the prefix of each call's path.",
    example: "http://tenants.internal:8000",
    options: ["tenantServiceUrl"],
  },
  CONVERSATION_SERVICE_URL: {
    group: "services",
    about: "The [Conversation Service](services.md#conversation-service), which gets each message that was sent.",
    otherwise: "none; messages are in the store only",
    example: "http://conversations.internal:8000",
    options: ["conversationServiceUrl"],
  },
  SERVICE_TOKEN: {
    group: "services",
    about: "The bearer token that both services get with each call.",
    otherwise: "calls without `Authorization`",
    example: "yTgnUp7hYxHk3vSJ0m5bWnLZ",
    options: ["serviceToken"],
  },
  GRAPH_API_URL: {
    group: "whatsapp",
    about: "WhatsApp's Graph API, or [an emulator](../packages/emulator) of it.",
    example: "http://127.0.0.1:4000",
    options: ["graphUrl"],
  },
  GRAPH_API_VERSION: {
    group: "whatsapp",
    about: "The version of the Graph API, which is part of each path.",
    example: "v24.0",
    options: ["graphVersion"],
  },
  GRAPH_MAX_CONNECTIONS: {
    group: "whatsapp",
    about:
      "The maximum number of connections to WhatsApp, and so of attempts in flight. Each provider has a pool of the same size. One number uses at most half of them. For a number that sends 1,000 messages a second, with answers of WhatsApp after 0.3 s, that is 2 × 1,000 × 0.3 = 600.",
    example: "600",
    options: ["graphMaxConnections"],
  },
  HTTPS_PROXY: {
    group: "whatsapp",
    about:
      "An HTTP proxy for calls to WhatsApp and other [providers](services.md#fields-of-an-outlet) at https URLs. It may contain a user name and a password. Calls to the Tenant Service, the Conversation Service and callback receivers do not use it: the services are your own, and a receiver is checked by the address that it resolves to, which a proxy would hide. If it is not set, `https_proxy` is used.",
    otherwise: "no proxy",
    example: "http://user:password@proxy.internal:3128",
    options: ["proxy.url"],
  },
  NO_PROXY: {
    group: "whatsapp",
    about:
      "Hosts that are called without the proxy, comma-separated: names with their subdomains, addresses, either with a port, ranges of addresses such as `10.0.0.0/8`, or `*`. A range matches addresses only: names are not resolved. If it is not set, `no_proxy` is used.",
    otherwise: "none",
    example: "waba-v2.360dialog.io,10.0.0.5:8443",
    options: ["proxy.except"],
  },
  WHATSAPP_APP_SECRET: {
    group: "webhooks",
    about:
      "The Meta app's secret, which signs webhooks; two, comma-separated, while it is rotated. Set it together with `WHATSAPP_VERIFY_TOKEN`.",
    otherwise: "`/webhooks/whatsapp` answers 404",
    example: "0f2c5d7be19a4c8b9d3e6f70a1b2c3d4",
    options: ["webhooks.appSecret"],
  },
  WHATSAPP_VERIFY_TOKEN: {
    group: "webhooks",
    about: "The token of Meta's verification handshake: any text, which is entered in Meta's App Dashboard too.",
    otherwise: "`/webhooks/whatsapp` answers 404",
    example: "a-text-of-your-own",
    options: ["webhooks.verifyToken"],
  },
  WEBHOOK_FORWARD_URL: {
    group: "webhooks",
    about:
      "Receives [what WhatsApp reports beside statuses](operate.md#webhooks-that-were-kept): what customers wrote, and changes of templates and accounts. It needs `CALLBACK_SECRET`.",
    otherwise: "kept, and not forwarded",
    example: "https://crm.example.com/whatsapp",
    options: ["webhookForwarding.url"],
  },
  STATUS_CALLBACK_URL: {
    group: "webhooks",
    about:
      "Receives the [status callbacks](callbacks.md) of each tenant without its own receiver. It needs `CALLBACK_SECRET`.",
    otherwise: "only tenants' own receivers",
    example: "https://crm.example.com/statuses?from=sender",
    options: ["statusCallbacks.url"],
  },
  CALLBACK_SECRET: {
    group: "webhooks",
    about: "Signs status callbacks, and webhooks that are forwarded, as Standard Webhooks specifies.",
    example: "whsec_EREREREREREREREREREREREREREREREREREREREREREREREREREREREREQ==",
    options: ["statusCallbacks.secret", "webhookForwarding.secret"],
  },
  CALLBACK_ALLOW_PRIVATE: {
    group: "webhooks",
    about:
      "`on` allows status callbacks to receivers at loopback, private and link-local addresses. It is needed to try callbacks on one machine.",
    example: "on",
    options: ["statusCallbacks.allowPrivate"],
  },
  RETRY_SCHEDULE_MS: {
    group: "retries",
    about:
      "One entry per attempt: the wait before it, in milliseconds, after the previous attempt ended. An empty list means a single attempt. A message keeps the schedule with which it was accepted.",
    example: "0,500,5000",
    options: ["retry.scheduleMs"],
  },
  RETRY_JITTER: {
    group: "retries",
    about: "Each wait is lengthened at random by up to this share of it.",
    example: "0",
    options: ["retry.jitter"],
  },
  ATTEMPT_TIMEOUT_MS: {
    group: "retries",
    about: "How long one attempt may take. An attempt that takes longer may still have been sent.",
    example: "5000",
    options: ["retry.attemptTimeoutMs"],
  },
  SEND_DEADLINE_MS: {
    group: "retries",
    about: "How long after the request an attempt may begin. It bounds how long a call waits.",
    example: "30000",
    options: ["retry.sendDeadlineMs"],
  },
  DEFAULT_TTL_SECONDS: {
    group: "retries",
    about: "How long after it was accepted a queued message may be attempted.",
    example: "86400",
    options: ["retry.ttlMs"],
  },
  QUEUE_LIMIT_PER_TENANT: {
    group: "retries",
    about:
      "How many messages of one tenant may wait in the queue. Beyond it a message is answered with `queue-full`. Several servers may accept some more together.",
    example: "1000000",
    options: ["queue.limitPerTenant"],
  },
  QUEUE_POLL_MS: {
    group: "retries",
    about:
      "How long a server waits before it looks again for queued messages that are due; 2.5 times as long after ten looks that found nothing. What it accepts itself it sends at once.",
    example: "1000",
    options: ["queue.pollMs"],
  },
  ON_AMBIGUOUS: {
    group: "retries",
    about:
      "What follows an attempt without an answer, which may have been sent: `resend` repeats it; `hold` does not; `verify` waits for a status webhook and repeats it once if none comes. `verify` without webhooks acts as `hold`.",
    example: "verify",
    options: ["ambiguity.onAmbiguous"],
  },
  AMBIGUITY_EVIDENCE_MS: {
    group: "retries",
    about: "How long `verify`, and the queue, wait for that webhook.",
    example: "10000",
    options: ["ambiguity.evidenceMs"],
  },
  ERROR_RULES_FILE: {
    group: "retries",
    about:
      "A JSON file with [rules of your own](errors.md#your-own-rules) for WhatsApp's error codes. It is read at start.",
    otherwise: "[the table](errors.md)",
    example: "error-rules.json",
    options: ["errorRulesFile"],
  },
  PACING: {
    group: "pacing",
    about: "`off` lifts the rates of numbers and recipients. The circuit breaker and the retry budget stay.",
    example: "off",
    options: ["pacing.rates"],
  },
  PACE_NUMBER_PER_SECOND: {
    group: "pacing",
    about:
      "Messages per second of one number, unless its outlet has a [`throughput_per_second`](services.md#fields-of-an-outlet). Servers on one PostgreSQL [share it](#pace_shared). It is kept in any 1.1 s, because the latency to WhatsApp varies: over a longer time 80 are 73 messages a second, and 1,000 are 909.",
    example: "1000",
    options: ["pacing.numberPerSecond"],
  },
  PACE_PAIR_BURST: {
    group: "pacing",
    about: "How many messages a number may send to one recipient at once.",
    example: "10",
    options: ["pacing.pairBurst"],
  },
  PACE_SHARED: {
    group: "pacing",
    about:
      "Whether the servers on one database share the rate of each number, so that together they send no more than one would. `auto`: if it is PostgreSQL. With `off` each counts separately: divide the rate of a number among them.",
    example: "off",
    options: ["pacing.shared"],
  },
  PACE_BOOK_AHEAD_MS: {
    group: "pacing",
    about:
      "How far ahead a server books a shared rate for the messages that wait in it. It goes on sending while the database stalls for less, and leaves as much of the rate unused when it ends. The same for all servers.",
    example: "500",
    options: ["pacing.bookAheadMs"],
  },
  SHED_LOOP_DELAY_MS: {
    group: "overload",
    about:
      "How many milliseconds longer than it should one turn of the event loop takes before [requests are refused](operate.md#overload), those that can wait first. 0 turns it off.",
    example: "500",
    options: ["overload.loopDelayMs"],
  },
  SHED_STORE_MS: {
    group: "overload",
    about: "How many milliseconds the oldest commit has been waiting before requests are refused. 0 turns it off.",
    example: "3000",
    options: ["overload.storeWaitMs"],
  },
  LOG_LEVEL: {
    group: "log",
    about: "The lowest level that is logged. `debug` and `trace` cost much.",
    example: "warn",
    options: ["logger"],
  },
  LOG_FORMAT: {
    group: "log",
    about: "`json` for programs, `pretty` for people.",
    otherwise: "`pretty` on a terminal, `json` elsewhere",
    example: "json",
    options: ["logger"],
  },
  LOG_NUMBERS: {
    group: "log",
    about: "`masked` shows the last four digits of phone numbers in [the log](operate.md#logs); `full` shows all.",
    example: "full",
    options: ["logNumbers"],
  },
  ENV_FILE: {
    group: "commands",
    about:
      "A file of settings that the environment does not have, which every command reads first. The option `--env <file>` wins over it. `ENV_FILE=/dev/null` reads none.",
    otherwise: "`.env` in the working folder, if there is one",
    example: "/etc/message-sender.env",
  },
  MESSAGE_SENDER_URL: {
    group: "commands",
    about: "The server that commands such as `send` and `explain` call.",
    example: "https://sender.example.com",
  },
  MESSAGE_SENDER_API_KEY: {
    group: "commands",
    about: "The [API key](access.md) that those commands send.",
    otherwise: "no key",
    example: "msk_YourKey",
  },
  FAILPOINTS: {
    group: "never",
    about: "Ends the process at a point of the crash tests. It is not part of a published build.",
  },
};
