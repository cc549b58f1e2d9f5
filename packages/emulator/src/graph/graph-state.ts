import { setBounded } from "../collections/bounded-map.ts";
import { createAccountBook, type AccountBook } from "./accounts/account-book.ts";
import { createFlowStore, type FlowStore } from "./flows/flow-store.ts";
import { createLimiter, type Limiter, type WhatsAppLimits } from "./limits/limits.ts";
import type { ByteStore } from "../http/byte-store.ts";
import { createMediaStore, type MediaStore } from "./media/media-store.ts";
import { messageStatusesSchema, type MessageStatusRule } from "./message-statuses.ts";
import { type BlockedUsers, createBlockedUsers } from "./numbers/blocked-users.ts";
import { createNumberBook, type NumberBook, type NumberSeed } from "./numbers/number-facts.ts";
import { createMemory, type Memory } from "../collections/memory.ts";
import { createObjects, type Ids, type Objects } from "./objects/objects.ts";
import type { Kind } from "./objects/operation.ts";
import { type Audience, createAudience } from "./people/audience.ts";
import { type ResolveWaId, type WaIdOption, waIdResolver } from "./people/wa-id.ts";
import { createTemplateReview, type TemplateReview } from "./templates/template-review.ts";
import type { TemplateSeed } from "./templates/template-seed.ts";
import { createTemplateStore, type StoredTemplate, type TemplateStore } from "./templates/template-store.ts";
import type { UsageSeed } from "./usage.ts";

/** Kinds of objects that are not created in Graph, but for numbers. */
const kinds: ReadonlySet<Kind> = new Set(["account", "business", "application", "user"]);

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
  /**
   * Default: every template exists, with any parameters, but for those that are created in Graph. Once one is seeded, all
   * others are unknown until they are created.
   */
  readonly templates?: readonly TemplateSeed[];
  /** What becomes of a template that is created or edited. `wait`: it stays pending until it is reviewed. Default: `approve`. */
  readonly templateReview?: "approve" | "wait";
  /** The `message_status` in the answers to sends. Default: `accepted` for templates, none for other messages. */
  readonly messageStatuses?: readonly MessageStatusRule[];
  /** The names and phone numbers of numbers, by their ids. Others exist too. */
  readonly numbers?: Readonly<Record<string, NumberSeed>>;
  /** The `wa_id` of a phone number. Default: its digits. */
  readonly resolve?: WaIdOption;
}

/** What WhatsApp remembers until the reset. */
export interface GraphState {
  /** Where everything is that Graph changes. */
  readonly memory: Memory;
  readonly strict: StrictChecks;
  readonly resolve: ResolveWaId;
  readonly audience: Audience;
  readonly limiter: Limiter;
  /** Everything that was created and has an id. */
  readonly objects: Objects;
  readonly media: MediaStore;
  readonly numbers: NumberBook;
  readonly accounts: AccountBook;
  readonly blocked: BlockedUsers;
  readonly flows: FlowStore;
  readonly templates: TemplateStore;
  readonly review: TemplateReview;
  /** The inbound messages, by `number/id`. */
  readonly inbound: Map<string, true>;
  /** The account of a number; undefined: no outlet names it. */
  readonly accountOf: (phoneNumberId: string) => string | undefined;
  /** Remembers what an id was used as; the first use counts. */
  use(id: string, kind: Kind): void;
  usedAs(id: string): Kind | undefined;
  messageStatuses: readonly MessageStatusRule[];
  usage: UsageSeed | undefined;
}

interface GraphStateDeps {
  readonly now: () => number;
  readonly keep: number;
  readonly ids: Ids;
  readonly byteStore: ByteStore;
  readonly wabaOf: (phoneNumberId: string) => string;
  readonly accountOf: (phoneNumberId: string) => string | undefined;
  readonly derivedNumberOf: (phoneNumberId: string) => string;
  readonly onTemplateDecision: (template: StoredTemplate) => void;
}

export function createGraphState(options: GraphOptions, deps: GraphStateDeps): GraphState {
  const { now, keep, ids, byteStore, wabaOf, accountOf, derivedNumberOf, onTemplateDecision } = deps;
  const memory = createMemory();
  const audience = createAudience(memory, wabaOf);
  const objects = createObjects(memory, ids, 10 * keep);
  const templates = createTemplateStore(objects);
  templates.seed(options.templates ?? []);
  const used = memory.map<Kind>("uses");
  const mode = options.templateReview ?? "approve";
  return {
    memory,
    strict: options.strict ?? {},
    resolve: waIdResolver(options.resolve),
    audience,
    limiter: createLimiter({ memory, limits: options.limits ?? {}, now, audience }),
    objects,
    media: createMediaStore({ keep, now, objects, byteStore }),
    numbers: createNumberBook({ memory, keep, seeds: options.numbers ?? {}, derivedNumberOf }),
    accounts: createAccountBook({ memory, keep, now, nextId: ids.next }),
    blocked: createBlockedUsers(memory, keep),
    flows: createFlowStore(memory, objects),
    templates,
    review: createTemplateReview({ templates: () => templates, mode, onDecision: onTemplateDecision }),
    inbound: memory.map("inbound"),
    accountOf,
    use(id, kind) {
      if (kinds.has(kind) && !used.has(id)) setBounded(used, id, kind, keep);
    },
    usedAs: (id) => used.get(id),
    messageStatuses: messageStatusesSchema.parse(options.messageStatuses ?? []),
    usage: undefined,
  };
}
