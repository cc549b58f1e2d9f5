import type { Fault } from "../faults/fault.ts";
import type { WhatsAppLimits } from "../graph/limits/limits.ts";
import type { TemplateVerdict } from "../graph/templates/template-review.ts";
import type { TemplateSeed } from "../graph/templates/template-seed.ts";
import type { ErrorsChange, InboundMessage, MarketingPreference, RawChange } from "../webhooks/inbound-schema.ts";
import type { WebhookSettings } from "../webhooks/webhook-options.ts";
import type { TargetScope, WebhookTarget } from "../webhooks/webhook-target.ts";
import type { TestClient } from "./test-client.ts";

/** A value now, or later where the sandbox runs elsewhere. */
type Awaitable<T> = T | Promise<T>;

/** A fault that was added. */
interface AddedFault {
  readonly id: string;
  /** Ends the fault. */
  remove(): Awaitable<void>;
}

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
    /** Makes requests fail. Throws or rejects where the fault is invalid. */
    add(fault: Fault): Awaitable<AddedFault>;
    /** Ends all faults. */
    clear(): Awaitable<void>;
  };
  readonly clock: {
    /** Milliseconds since the epoch. */
    now(): Awaitable<number>;
    /** Advances limits, windows and expiry. Delays follow the machine's time. */
    advance(ms: number): Awaitable<void>;
  };
  readonly webhooks: {
    /** Sets where webhooks go; with a scope, those of an account or of a number. */
    target(target: WebhookTarget, scope?: TargetScope): Awaitable<void>;
    /** As `target`, but first asks the endpoint for `hub.challenge`. Rejects when it does not consent. */
    subscribe(target: WebhookTarget & { readonly verifyToken: string }, scope?: TargetScope): Promise<void>;
    /** Changes the given settings until the reset. */
    configure(settings: WebhookSettings): Awaitable<void>;
    /** Holds webhooks back until `release`. */
    withhold(): Awaitable<void>;
    /** Sends the webhooks that were held back. */
    release(): Awaitable<void>;
    /** Sends each webhook of the messages to come this many times. */
    duplicate(times: number): Awaitable<void>;
    /** Whether `release` shuffles. */
    reorder(on: boolean): Awaitable<void>;
    /** A person writes, in Meta's own form. Returns the id of the message. */
    inbound(message: InboundMessage): Awaitable<string>;
    /** A person stops marketing messages, or allows them again. */
    preference(preference: MarketingPreference): Awaitable<void>;
    /** Sends errors that are about no single message. */
    errors(change: ErrorsChange): Awaitable<void>;
    /** Sends any other change. */
    raw(change: RawChange): Awaitable<void>;
  };
  readonly graph: {
    /** Turns limits of WhatsApp on; with `{}`, all off. */
    setLimits(limits: WhatsAppLimits): Awaitable<void>;
    /** Only these templates exist; with `[]`, every template does. */
    setTemplates(templates: readonly TemplateSeed[]): Awaitable<void>;
    /** Decides about a template as Meta does, and sends the webhook. */
    reviewTemplate(id: string, verdict: TemplateVerdict, reason?: string): Awaitable<void>;
  };
  /** Restores the state at the start. */
  reset(): Awaitable<void>;
  /** Ends a sandbox of this process; leaves one elsewhere as it is. */
  close(): Promise<void>;
}
