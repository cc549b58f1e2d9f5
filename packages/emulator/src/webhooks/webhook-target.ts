import { z } from "zod";

import type { WebhookScope } from "./delivery.ts";
import { isMetadataUrl } from "./metadata-addresses.ts";

/** Where webhooks go, and the secret that signs them. */
export interface WebhookTarget {
  readonly url: string;
  readonly appSecret: string;
}

/** Whose webhooks a target is for. */
export type TargetScope = { readonly wabaId: string } | { readonly phoneNumberId: string };

export const targetSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).refine((url) => !isMetadataUrl(url), {
    error: "must not lead to a link-local address or a cloud's metadata service",
  }),
  appSecret: z.string().min(1),
});

/** A target; without a scope, the app's. */
export interface SavedTarget {
  readonly target: WebhookTarget;
  readonly scope?: TargetScope;
  /** Whether the app asked for it in Graph. */
  readonly isOverride?: boolean;
}

/** The targets of webhooks. Meta sends those of a number to the number's own target, its account's, or the app's. */
export interface WebhookTargets {
  of(about: WebhookScope): WebhookTarget | undefined;
  ofApp(): WebhookTarget | undefined;
  /** Throws on an invalid target. Without a scope: that of the app. */
  set(target: WebhookTarget | undefined, scope?: TargetScope): void;
  /** As the app asks for in Graph; undefined takes it back. The reset does too. */
  override(target: WebhookTarget | undefined, scope: TargetScope): void;
  save(): readonly SavedTarget[];
  restore(saved: readonly SavedTarget[]): void;
  /** Forgets what the app asked for. What the sandbox was given stays. */
  reset(): void;
  /** Those of accounts and numbers, without their secrets. */
  overrides(): readonly (TargetScope & { readonly url: string })[];
}

export function createWebhookTargets(initial: Partial<WebhookTarget>): WebhookTargets {
  const { url, appSecret } = initial;
  let ofApp = url === undefined && appSecret === undefined ? undefined : targetSchema.parse({ url, appSecret });
  const scoped = new Map<string, Required<SavedTarget>>();

  function set(next: WebhookTarget | undefined, scope?: TargetScope, isOverride = false): void {
    const target = next && targetSchema.parse(next);
    if (!scope) ofApp = target;
    else if (target) scoped.set(keyOf(scope), { scope, target, isOverride });
    else scoped.delete(keyOf(scope));
  }

  return {
    of({ wabaId, phoneNumberId }) {
      const own = phoneNumberId === undefined ? undefined : scoped.get(keyOf({ phoneNumberId }));
      return (own ?? scoped.get(keyOf({ wabaId })))?.target ?? ofApp;
    },
    ofApp: () => ofApp,
    set,
    override: (target, scope) => set(target, scope, true),
    save: () => [...(ofApp ? [{ target: ofApp }] : []), ...scoped.values()],
    restore(saved) {
      for (const { target, scope, isOverride } of saved) set(target, scope, isOverride);
    },
    overrides: () => [...scoped.values()].map(({ target, scope }) => ({ ...scope, url: target.url })),
    reset() {
      for (const [key, { isOverride }] of scoped) if (isOverride) scoped.delete(key);
    },
  };
}

function keyOf(scope: TargetScope): string {
  return "wabaId" in scope ? `account/${scope.wabaId}` : `number/${scope.phoneNumberId}`;
}
