import { throughputLevels } from "@message-sender/core/values";
import { z } from "zod";

import {
  addressRanges,
  appSecrets,
  bearerToken,
  callbackUrl,
  databaseUrl,
  exactHttpUrl,
  hostNames,
  httpUrl,
  integer,
  longestWaitMs,
  oneOf,
  proxyExceptions,
  proxyUrl,
  retrySchedule,
  secret,
  signingSecret,
} from "./value-forms.ts";

export const graphApiUrl = "https://graph.facebook.com";

/** Every variable that the server or a command reads, with its format and default. */
export const environment = z.object({
  HOST: z.string().default("127.0.0.1"),
  PORT: integer(0, 65_535).default(3000),
  DOCS_PORT: integer(0, 65_535).optional(),
  METRICS_PORT: integer(0, 65_535).optional(),
  DATABASE_URL: databaseUrl.default("sqlite:message-sender.db"),
  GRAPH_API_URL: httpUrl.default(graphApiUrl),
  GRAPH_API_VERSION: z
    .string()
    .regex(/^v[0-9]{1,3}\.[0-9]{1,2}$/, { error: "must be a version such as v25.0" })
    .default("v25.0"),
  GRAPH_MAX_CONNECTIONS: integer(1, 65_535).default(256),
  HTTPS_PROXY: proxyUrl.optional(),
  NO_PROXY: proxyExceptions.optional(),
  TENANT_SERVICE_URL: httpUrl.optional(),
  CONVERSATION_SERVICE_URL: httpUrl.optional(),
  SERVICE_TOKEN: bearerToken.optional(),
  TENANTS_FILE: z.string().optional(),
  ERROR_RULES_FILE: z.string().optional(),
  RETRY_SCHEDULE_MS: retrySchedule.default([0, 1000, 2000, 4000]),
  RETRY_JITTER: z
    .string()
    .regex(/^(0(\.[0-9]+)?|1(\.0+)?)$/, { error: "must be a number from 0 to 1" })
    .transform(Number)
    .default(0.2),
  ATTEMPT_TIMEOUT_MS: integer(1, longestWaitMs).default(10_000),
  SEND_DEADLINE_MS: integer(0, longestWaitMs).default(60_000),
  ON_AMBIGUOUS: oneOf(["resend", "verify", "hold"]).default("resend"),
  AMBIGUITY_EVIDENCE_MS: integer(0, longestWaitMs).default(5000),
  PACING: oneOf(["on", "off"]).default("on"),
  PACE_NUMBER_PER_SECOND: integer(1, throughputLevels.HIGH).default(throughputLevels.STANDARD),
  PACE_PAIR_BURST: integer(1, 45).default(5),
  PACE_SHARED: oneOf(["auto", "on", "off"]).default("auto"),
  SHED_LOOP_DELAY_MS: integer(0, 60_000).default(200),
  SHED_STORE_MS: integer(0, 60_000).default(1000),
  PACE_BOOK_AHEAD_MS: integer(150, 1000).default(300),
  ALLOWED_HOSTS: hostNames.optional(),
  TRUSTED_PROXIES: addressRanges.optional(),
  API_KEYS_FILE: z.string().optional(),
  WHATSAPP_APP_SECRET: appSecrets.optional(),
  WHATSAPP_VERIFY_TOKEN: secret.optional(),
  WEBHOOK_FORWARD_URL: exactHttpUrl.optional(),
  STATUS_CALLBACK_URL: callbackUrl.optional(),
  CALLBACK_SECRET: signingSecret.optional(),
  CALLBACK_ALLOW_PRIVATE: oneOf(["on", "off"]).default("off"),
  DEFAULT_TTL_SECONDS: integer(1, 30 * 86_400).default(3600),
  QUEUE_LIMIT_PER_TENANT: integer(1, 100_000_000).default(100_000),
  QUEUE_POLL_MS: integer(10, 60_000).default(100),
  RETENTION_DAYS: integer(1, 3650).default(30),
  PROCESS_LEASE_MS: integer(1000, 60_000).default(4000),
  PARTITION_DAYS: integer(1, 31).optional(),
  LOG_LEVEL: oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  LOG_FORMAT: oneOf(["json", "pretty"]).optional(),
  LOG_NUMBERS: oneOf(["masked", "full"]).default("masked"),
  /** For crash tests; see `failpoints.ts`. */
  FAILPOINTS: z.string().optional(),
  /** Commands read it before all others. */
  ENV_FILE: z.string().optional(),
  MESSAGE_SENDER_URL: httpUrl.default("http://127.0.0.1:3000"),
  MESSAGE_SENDER_API_KEY: bearerToken.optional(),
});

/** Each variable of the environment with its value or its default. */
export type Settings = Readonly<z.infer<typeof environment>>;
