import { z } from "zod";

import type { TokenSeed } from "../graph/access/tokens.ts";
import type { GraphOptions } from "../graph/graph-state.ts";
import { limitsSchema } from "../graph/limits/limits.ts";
import { messageStatusesSchema } from "../graph/message-statuses.ts";
import { numbersSchema } from "../graph/numbers/number-facts.ts";
import { templatesSchema } from "../graph/templates/template-seed.ts";
import type { TenantSeed } from "../tenant-service/tenants.ts";
import { webhookOptionsSchema, type WebhookOptions } from "../webhooks/webhook-options.ts";

/** The options of a sandbox that may change while it runs: all but addresses, ports, functions and the length of logs. */
export interface LiveOptions extends GraphOptions {
  /** By tenant id. Default: every tenant exists, with every outlet. Once one is seeded, all others are unknown. */
  readonly tenants?: Readonly<Record<string, TenantSeed>>;
  /**
   * Access tokens besides those of the seeded outlets. Default: every token is valid for every number. Once one is
   * seeded, all others are unknown.
   */
  readonly tokens?: Readonly<Record<string, TokenSeed>>;
  /** The limit of a tenant that is seeded without one. Default: 1,000,000. */
  readonly defaultQuota?: number;
  /** false: the Tenant Service has no reservations, and `used` changes only through `setUsed`. Default: true. */
  readonly reservations?: boolean;
  /** false: the Conversation Service accepts single messages only. Default: true. */
  readonly batch?: boolean;
  /**
   * The status, without a body, with which the Conversation Service confirms what it stored. Default: 201, or 207 for a
   * batch, with a body.
   */
  readonly storedStatus?: 200 | 201 | 202 | 204;
  /** The bearer token that the Tenant Service and the Conversation Service require. Default: none. */
  readonly serviceToken?: string;
  /** Signed webhooks. Default: none are sent until `webhooks.target` is called. */
  readonly webhooks?: WebhookOptions;
}

const date = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const name = z.string().min(1);

const credentials = z.looseObject({
  waba_access_token: name,
  phone_number_id: name,
  waba_id: name.exactOptional(),
});

const tenant = z.strictObject({
  quota: z.strictObject({ limit: z.int().min(0), resetsAt: date.exactOptional() }).exactOptional(),
  callbacks: z.strictObject({ status_callback_url: z.url(), secret: name }).exactOptional(),
  outlets: z.record(z.string(), credentials).exactOptional(),
});

const fields = {
  limits: limitsSchema,
  strict: z.strictObject({ media: z.boolean().exactOptional(), receipts: z.boolean().exactOptional() }),
  templates: templatesSchema,
  templateReview: z.enum(["approve", "wait"]),
  messageStatuses: messageStatusesSchema,
  numbers: numbersSchema,
  resolve: z.union([z.literal("realistic"), z.record(z.string(), z.string())]),
  tenants: z.record(z.string(), tenant),
  tokens: z.record(
    z.string(),
    z.strictObject({ phoneNumberIds: z.array(z.string()), expiresAt: date.exactOptional() }),
  ),
  defaultQuota: z.int().min(0),
  reservations: z.boolean(),
  batch: z.boolean(),
  storedStatus: z.union([z.literal(200), z.literal(201), z.literal(202), z.literal(204)]),
  serviceToken: name,
  webhooks: webhookOptionsSchema,
};

/** Some of the options; null is the default of one. */
export const optionsSchema = z.strictObject(
  Object.fromEntries(Object.entries(fields).map(([key, schema]) => [key, schema.nullable().exactOptional()])) as {
    [K in keyof typeof fields]: z.ZodExactOptional<z.ZodNullable<(typeof fields)[K]>>;
  },
);

/** Those that may change, as JSON has them: without functions. */
export function liveOptionsOf(options: LiveOptions): LiveOptions {
  const live = Object.entries(options).filter(
    ([key, value]) => Object.hasOwn(optionsSchema.shape, key) && value !== undefined && typeof value !== "function",
  );
  return Object.fromEntries(live);
}

/** The options with those of `changes` in place of the earlier ones. */
export function withChanges<Options extends LiveOptions>(
  options: Options,
  changes: z.output<typeof optionsSchema>,
): Options {
  const given = Object.entries({ ...options, ...changes }).filter(([, value]) => value !== null);
  // What was let through has the types of the options that it replaces.
  return Object.fromEntries(given) as Options;
}
