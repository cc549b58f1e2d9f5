import { type Audience, createAudience } from "./people/audience.ts";
import { createLimiter, type Limiter, type WhatsAppLimits } from "./limits/limits.ts";
import type { MediaStore } from "./media/media.ts";
import { messageStatusesSchema, type MessageStatusRule } from "./message-statuses.ts";
import { type TemplateSeed, templatesSchema } from "./templates.ts";
import type { UsageSeed } from "./usage.ts";
import { type ResolveWaId, type WaIdOption, waIdResolver } from "./people/wa-id.ts";

/** Checks that are off unless they are turned on. */
export interface StrictChecks {
  /** Refuses media ids that were not uploaded to the sending number within the last 30 days. */
  readonly media?: boolean;
  /** Refuses read receipts for messages that were never received. */
  readonly receipts?: boolean;
}

/** How WhatsApp behaves. */
export interface GraphOptions {
  /** Default: no limits. */
  readonly limits?: WhatsAppLimits;
  /** Default: no strict checks. */
  readonly strict?: StrictChecks;
  /** Default: every template exists, with any parameters. Once one is seeded, all others are unknown. */
  readonly templates?: readonly TemplateSeed[];
  /** The `message_status` in the answers to sends. Default: `accepted` for templates, none for other messages. */
  readonly messageStatuses?: readonly MessageStatusRule[];
  /** The `wa_id` of a phone number. Default: its digits. */
  readonly resolve?: WaIdOption;
}

/** What WhatsApp remembers until the reset. */
export interface GraphState {
  readonly strict: StrictChecks;
  readonly resolve: ResolveWaId;
  readonly audience: Audience;
  readonly limiter: Limiter;
  readonly media: MediaStore;
  /** The inbound messages, by `number/id`. */
  readonly inbound: Map<string, true>;
  templates: readonly TemplateSeed[];
  messageStatuses: readonly MessageStatusRule[];
  usage: UsageSeed | undefined;
}

export function createGraphState(
  options: GraphOptions,
  deps: { now: () => number; media: MediaStore; wabaOf: (phoneNumberId: string) => string },
): GraphState {
  const audience = createAudience(deps.wabaOf);
  return {
    strict: options.strict ?? {},
    resolve: waIdResolver(options.resolve),
    audience,
    limiter: createLimiter({ limits: options.limits ?? {}, now: deps.now, audience }),
    media: deps.media,
    inbound: new Map(),
    templates: templatesSchema.parse(options.templates ?? []),
    messageStatuses: messageStatusesSchema.parse(options.messageStatuses ?? []),
    usage: undefined,
  };
}
