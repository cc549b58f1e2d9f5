import { z } from "#zod";

import type { Progress } from "./status-webhooks.ts";
import { targetSchema, type WebhookTarget } from "./webhook-target.ts";

/** Without `url` and `appSecret`, nothing is sent until `Webhooks.target` is called. */
export interface WebhookOptions extends Partial<WebhookTarget> {
  /**
   * The statuses that each message goes through. `played` is reported of voice messages only. With `[]`, no message has a
   * status until somebody chooses one. Default: `["sent", "delivered", "read", "played"]`.
   */
  readonly statuses?: readonly Progress[];
  /** Milliseconds before each status, counted from the one before it or from the acceptance. Default: 0. */
  readonly delayMs?: number | Readonly<Partial<Record<Progress, number>>>;
  /** The business's phone number as people see it, in digits. Default: one derived from the phone number id. */
  readonly phoneDisplay?: string;
  /** How many requests may be in flight at once. Default: 1, so that webhooks arrive in order. */
  readonly concurrency?: number;
  /** The most updates in one request, at most 1,000. What is due meanwhile goes together. Default: 1. */
  readonly batch?: number;
  /**
   * The version of the Graph API that the app's webhooks have, such as `v23.0`: up to v23, statuses carry a `conversation`.
   * Default: `v25.0`.
   */
  readonly version?: string;
  /**
   * The pauses before the retries of a webhook that was not answered with 200. Other webhooks do not wait for them.
   * Default: `[0, 100, 500, 2_500]`, so five attempts in all. Meta retries for seven days.
   */
  readonly retryPausesMs?: readonly number[];
  /** How long to wait for the answer to a webhook. Default: 10,000. */
  readonly timeoutMs?: number;
}

/** The options that may change while webhooks are sent. */
export type WebhookSettings = Omit<WebhookOptions, keyof WebhookTarget>;

const partialTarget = z.strictObject({
  url: targetSchema.shape.url.exactOptional(),
  appSecret: targetSchema.shape.appSecret.exactOptional(),
});
const progress = z.enum(["sent", "delivered", "read", "played"]);
const ms = z.number().min(0);

export const webhookSettingsSchema = z.strictObject({
  statuses: z.array(progress).exactOptional(),
  delayMs: z.union([ms, z.partialRecord(progress, ms)]).exactOptional(),
  phoneDisplay: z.string().regex(/^\d+$/).exactOptional(),
  concurrency: z.int().min(1).max(1_000).exactOptional(),
  batch: z.int().min(1).max(1_000).exactOptional(),
  version: z
    .string()
    .regex(/^v\d+\.\d+$/)
    .exactOptional(),
  retryPausesMs: z.array(ms).max(100).exactOptional(),
  timeoutMs: z.number().min(1).exactOptional(),
});

/** All of them, for those who change options while the sandbox runs. */
export const webhookOptionsSchema = z
  .strictObject({ ...webhookSettingsSchema.shape, ...partialTarget.shape })
  .refine(({ url, appSecret }) => (url === undefined) === (appSecret === undefined), {
    error: "url and appSecret are required together",
    path: ["appSecret"],
  });

/** The settings, with their defaults, in the form in which webhooks are made. */
export function resolveSettings(options: WebhookSettings) {
  const { statuses = ["sent", "delivered", "read", "played"] as const, delayMs = 0, phoneDisplay } = options;
  const { concurrency = 1, batch = 1, version = "v25.0" } = options;
  const { retryPausesMs = [0, 100, 500, 2_500], timeoutMs = 10_000 } = options;
  const subscription = Number.parseInt(version.slice(1), 10);
  return { statuses, delayMs, phoneDisplay, concurrency, batch, subscription, retryPausesMs, timeoutMs };
}
