import type { Fault } from "../faults/fault.ts";
import type { WhatsAppLimits } from "../graph/limits/limits.ts";
import type { TemplateVerdict } from "../graph/templates/template-review.ts";
import type { TemplateSeed } from "../graph/templates/template-seed.ts";
import type { ErrorsChange, InboundMessage, MarketingPreference, RawChange } from "../webhooks/inbound-schema.ts";
import type { WebhookSettings } from "../webhooks/webhook-options.ts";
import type { TargetScope, WebhookTarget } from "../webhooks/webhook-target.ts";
import type { TestClient } from "./test-client.ts";

type Awaitable<T> = T | Promise<T>;

/**
 * A sandbox that runs in this process or elsewhere: a test that awaits each call runs with either. `startSandbox` and
 * `connectSandbox` return one.
 */
export interface SandboxClient extends TestClient {
  /** Base URLs, without a trailing slash. */
  readonly graphUrl: string;
  readonly tenantUrl: string;
  readonly conversationUrl: string;
  readonly faults: {
    add(fault: Fault): Awaitable<{ readonly id: string; remove(): Awaitable<void> }>;
    clear(): Awaitable<void>;
  };
  readonly clock: {
    /** Milliseconds since the epoch. */
    now(): Awaitable<number>;
    advance(ms: number): Awaitable<void>;
  };
  readonly webhooks: {
    target(target: WebhookTarget, scope?: TargetScope): Awaitable<void>;
    subscribe(target: WebhookTarget & { readonly verifyToken: string }, scope?: TargetScope): Promise<void>;
    configure(settings: WebhookSettings): Awaitable<void>;
    withhold(): Awaitable<void>;
    release(): Awaitable<void>;
    duplicate(times: number): Awaitable<void>;
    reorder(on: boolean): Awaitable<void>;
    inbound(message: InboundMessage): Awaitable<string>;
    preference(preference: MarketingPreference): Awaitable<void>;
    errors(change: ErrorsChange): Awaitable<void>;
    raw(change: RawChange): Awaitable<void>;
  };
  readonly graph: {
    setLimits(limits: WhatsAppLimits): Awaitable<void>;
    setTemplates(templates: readonly TemplateSeed[]): Awaitable<void>;
    reviewTemplate(id: string, verdict: TemplateVerdict, reason?: string): Awaitable<void>;
  };
  /** Restores the state at the start. */
  reset(): Awaitable<void>;
  /** Ends a sandbox of this process; leaves one elsewhere as it is. */
  close(): Promise<void>;
}
