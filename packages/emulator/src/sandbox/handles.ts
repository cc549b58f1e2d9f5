import type { ConversationRequest, ConversationService } from "../conversation-service/conversation-service.ts";
import type { ConversationMessage, Conversations } from "../conversation-service/conversations.ts";
import type { Listener } from "../http/listener.ts";
import type { OutletCredentials } from "../tenant-service/outlet-credentials.ts";
import type { QuotaState } from "../tenant-service/tenant-quota.ts";
import type { TenantRequest, TenantService } from "../tenant-service/tenant-service.ts";
import type { Tenants } from "../tenant-service/tenants.ts";

/** What each of the three services can do. */
export interface ServiceHandle<Request> {
  /** The newest ones, oldest first, as a copy. */
  readonly requests: readonly Request[];
  /** All since the start or the last reset. */
  readonly requestCount: number;
  /** Cuts each connection and refuses new ones, until `start`. */
  stop(): Promise<void>;
  /** Listens on the same port again. */
  start(): Promise<void>;
}

export interface TenantHandle extends ServiceHandle<TenantRequest> {
  setQuota(tenantId: string, limit: number): void;
  setUsed(tenantId: string, used: number): void;
  /** undefined: the tenant is unknown. */
  quotaOf(tenantId: string): QuotaState | undefined;
  /** undefined: the tenant or the outlet is unknown. */
  credentialsOf(tenantId: string, outletId: string): OutletCredentials | undefined;
  /** Changes what is given and keeps the rest. Where tokens are seeded, Meta refuses the old one from now on. */
  setCredentials(tenantId: string, outletId: string, next: Partial<OutletCredentials>): OutletCredentials;
}

export interface ConversationHandle extends ServiceHandle<ConversationRequest> {
  /** The highest version of each message, in the order in which they first came. */
  readonly messages: readonly ConversationMessage[];
  message(messageId: string): ConversationMessage | undefined;
  /** Oldest first, by when they were sent. */
  conversation(conversationId: string): readonly ConversationMessage[];
}

export function tenantHandle({ log }: TenantService, { stop, start }: Listener, tenants: () => Tenants): TenantHandle {
  return {
    get requests() {
      return log.entries();
    },
    get requestCount() {
      return log.count;
    },
    setQuota: (tenantId, limit) => tenants().ensureQuota(tenantId).setLimit(limit),
    setUsed: (tenantId, used) => tenants().ensureQuota(tenantId).setUsed(used),
    quotaOf: (tenantId) => tenants().quota(tenantId)?.state(),
    credentialsOf: (tenantId, outletId) => tenants().credentials(tenantId, outletId),
    setCredentials: (tenantId, outletId, next) => tenants().setCredentials(tenantId, outletId, next),
    stop,
    start,
  };
}

export function conversationHandle(
  { log }: ConversationService,
  { stop, start }: Listener,
  conversations: () => Conversations,
): ConversationHandle {
  return {
    get requests() {
      return log.entries();
    },
    get requestCount() {
      return log.count;
    },
    get messages() {
      return conversations().all();
    },
    message: (messageId) => conversations().find(messageId),
    conversation: (conversationId) => conversations().of(conversationId),
    stop,
    start,
  };
}
