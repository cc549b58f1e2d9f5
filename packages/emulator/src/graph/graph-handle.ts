import type { Listener } from "../http/listener.ts";
import { createServiceHandle, type ServiceHandle } from "../http/service-handle.ts";
import type { GraphRequest } from "./access/graph-access.ts";
import type { GraphMessage } from "./graph-message.ts";
import type { GraphState } from "./graph-state.ts";
import type { Graph } from "./graph.ts";
import type { WhatsAppLimits } from "./limits/limits.ts";
import type { GraphMedia } from "./media/media-store.ts";
import { messageStatusesSchema, type MessageStatusRule } from "./message-statuses.ts";
import type { GraphReceipt } from "./receipts.ts";
import type { Tokens } from "./access/tokens.ts";
import type { TemplateVerdict } from "./templates/template-review.ts";
import type { TemplateSeed } from "./templates/template-seed.ts";
import { usageSchema, type UsageSeed } from "./usage.ts";

/** Shows and controls WhatsApp. */
export interface GraphHandle extends ServiceHandle<GraphRequest> {
  /** A copy of the newest accepted messages, oldest first. */
  readonly messages: readonly GraphMessage[];
  /** How many messages were accepted since the start or the last reset. */
  readonly messageCount: number;
  /** The newest calls that neither send nor upload, oldest first. */
  readonly calls: readonly GraphRequest[];
  /** The uploaded files, oldest first, without their bytes. */
  readonly media: readonly GraphMedia[];
  /** The newest read receipts, oldest first. */
  readonly receipts: readonly GraphReceipt[];
  /** WhatsApp rejects the access token from now on. */
  revokeToken(token: string): void;
  /** Replaces the limits until the reset. Messages that were sent before still count. */
  setLimits(limits: WhatsAppLimits): void;
  /** Replaces the templates until the reset. With an empty list, any template is accepted. */
  setTemplates(templates: readonly TemplateSeed[]): void;
  /** Decides about a template as Meta's review does, and sends the webhook. Throws if there is no such template. */
  reviewTemplate(id: string, verdict: TemplateVerdict, reason?: string): void;
  /** Replaces the rules until the reset. */
  setMessageStatuses(rules: readonly MessageStatusRule[]): void;
  /** Sets the usage headers of the following answers until the reset; undefined removes them. */
  setUsage(usage: UsageSeed | undefined): void;
}

interface GraphHandleParts {
  readonly graph: Graph;
  readonly listener: Listener;
  readonly tokens: () => Tokens;
  readonly state: () => GraphState;
}

export function createGraphHandle({ graph, listener, tokens, state }: GraphHandleParts): GraphHandle {
  const { log, accepted, receipts } = graph;
  return createServiceHandle<GraphRequest, GraphHandle>({
    log,
    listener,
    own: {
      get messages() {
        return accepted.entries();
      },
      get messageCount() {
        return accepted.count;
      },
      get calls() {
        return graph.calls.entries();
      },
      get media() {
        return state().media.all();
      },
      get receipts() {
        return receipts.entries();
      },
      revokeToken: (token) => tokens().revoke(token),
      setLimits(limits) {
        state().limiter.limits = limits;
      },
      setTemplates(templates) {
        state().templates.seed(templates);
      },
      reviewTemplate(id, verdict, reason) {
        if (!state().review.decide(id, verdict, reason)) throw new RangeError(`there is no template ${id}`);
      },
      setMessageStatuses(rules) {
        state().messageStatuses = messageStatusesSchema.parse(rules);
      },
      setUsage(usage) {
        state().usage = usage && usageSchema.parse(usage);
      },
    },
  });
}
