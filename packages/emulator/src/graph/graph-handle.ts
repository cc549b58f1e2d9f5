import type { Graph } from "./graph.ts";
import type { GraphRequest } from "./graph-access.ts";
import type { GraphMessage } from "./graph-message.ts";
import type { GraphState } from "./graph-state.ts";
import type { ServiceHandle } from "../sandbox/handles.ts";
import type { Limits } from "./limits.ts";
import type { Listener } from "../http/listener.ts";
import type { GraphMedia } from "./media.ts";
import { messageStatusesSchema, type MessageStatusRule } from "./message-statuses.ts";
import type { GraphReceipt } from "./receipts.ts";
import { type TemplateSeed, templatesSchema } from "./templates.ts";
import type { Tenants } from "../tenant-service/tenants.ts";
import { type UsageSeed, usageSchema } from "./usage.ts";

export interface GraphHandle extends ServiceHandle<GraphRequest> {
  /** The newest ones that were accepted, oldest first, as a copy. */
  readonly messages: readonly GraphMessage[];
  /** All that were accepted since the start or the last reset. */
  readonly messageCount: number;
  /** What was uploaded, oldest first, without the bytes. */
  readonly media: readonly GraphMedia[];
  /** The newest marks of messages as read, oldest first. */
  readonly receipts: readonly GraphReceipt[];
  revokeToken(token: string): void;
  /** Instead of those there are, until the reset. What was sent before still counts. */
  setLimits(limits: Limits): void;
  /** Instead of those there are, until the reset; none: any template will do. */
  setTemplates(templates: readonly TemplateSeed[]): void;
  /** Instead of those there are, until the reset. */
  setMessageStatuses(rules: readonly MessageStatusRule[]): void;
  /** The usage headers of the answers to come, until the reset; undefined: none. */
  setUsage(usage: UsageSeed | undefined): void;
}

export function graphHandle(
  { log, accepted, receipts }: Graph,
  { stop, start }: Listener,
  tenants: () => Tenants,
  state: () => GraphState,
): GraphHandle {
  return {
    get requests() {
      return log.entries();
    },
    get requestCount() {
      return log.count;
    },
    get messages() {
      return accepted.entries();
    },
    get messageCount() {
      return accepted.count;
    },
    get media() {
      return state().media.all();
    },
    get receipts() {
      return receipts.entries();
    },
    revokeToken: (token) => tenants().tokens.revoke(token),
    setLimits(limits) {
      state().limiter.limits = limits;
    },
    setTemplates(templates) {
      state().templates = templatesSchema.parse(templates);
    },
    setMessageStatuses(rules) {
      state().messageStatuses = messageStatusesSchema.parse(rules);
    },
    setUsage(usage) {
      state().usage = usage && usageSchema.parse(usage);
    },
    stop,
    start,
  };
}
