import { type Audience, createAudience } from "./audience.ts";
import { createLimiter, type Limiter, type Limits } from "./limits.ts";
import type { MediaStore } from "./media.ts";
import { messageStatusesSchema, type MessageStatusRule } from "./message-statuses.ts";
import { type TemplateSeed, templatesSchema } from "./templates.ts";
import type { UsageSeed } from "./usage.ts";
import { type ResolveWaId, type WaIdOption, waIdResolver } from "./wa-id.ts";

/** What WhatsApp refuses only where it is asked to. Default: nothing. */
export interface Strict {
  /** Media ids that were not uploaded, to the number that sends them, within 30 days. */
  readonly media?: boolean;
  /** Receipts for messages that never came in. */
  readonly receipts?: boolean;
}

export interface GraphOptions {
  /** What WhatsApp limits. Default: nothing. */
  readonly limits?: Limits;
  /** What WhatsApp refuses only where it is asked to. Default: nothing. */
  readonly strict?: Strict;
  /** Default: any template with any parameters; once one is seeded, all others are unknown. */
  readonly templates?: readonly TemplateSeed[];
  /** What the answers to sends say beside the id. Default: that a template is accepted. */
  readonly messageStatuses?: readonly MessageStatusRule[];
  /** Which `wa_id` a phone number has. Default: its digits. */
  readonly resolve?: WaIdOption;
}

/** All that WhatsApp remembers and was told, until the reset. */
export interface GraphState {
  readonly strict: Strict;
  readonly resolve: ResolveWaId;
  readonly audience: Audience;
  readonly limiter: Limiter;
  readonly media: MediaStore;
  /** The messages that came in, by number and id. */
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
    limiter: createLimiter(options.limits ?? {}, deps.now, audience),
    media: deps.media,
    inbound: new Map(),
    templates: templatesSchema.parse(options.templates ?? []),
    messageStatuses: messageStatusesSchema.parse(options.messageStatuses ?? []),
    usage: undefined,
  };
}
