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

/** The targets of webhooks. Meta sends those of a number to the number's own target, its account's, or the app's. */
export interface WebhookTargets {
  of(about: WebhookScope): WebhookTarget | undefined;
  ofApp(): WebhookTarget | undefined;
  /** Throws on an invalid target. Without a scope: that of the app. */
  set(target: WebhookTarget | undefined, scope?: TargetScope): void;
  save(): readonly { readonly target: WebhookTarget; readonly scope?: TargetScope }[];
  /** Those of accounts and numbers, without their secrets. */
  overrides(): readonly (TargetScope & { readonly url: string })[];
}

export function createWebhookTargets(initial: Partial<WebhookTarget>): WebhookTargets {
  const { url, appSecret } = initial;
  let ofApp = url === undefined && appSecret === undefined ? undefined : targetSchema.parse({ url, appSecret });
  const scoped = new Map<string, TargetScope & { readonly target: WebhookTarget }>();

  return {
    of({ wabaId, phoneNumberId }) {
      const own = phoneNumberId === undefined ? undefined : scoped.get(keyOf({ phoneNumberId }));
      return (own ?? scoped.get(keyOf({ wabaId })))?.target ?? ofApp;
    },
    ofApp: () => ofApp,
    set(next, scope) {
      const target = next && targetSchema.parse(next);
      if (!scope) ofApp = target;
      else if (target) scoped.set(keyOf(scope), { ...scope, target });
      else scoped.delete(keyOf(scope));
    },
    save: () => [
      ...(ofApp ? [{ target: ofApp }] : []),
      ...[...scoped.values()].map(({ target, ...scope }) => ({ target, scope })),
    ],
    overrides: () => [...scoped.values()].map(({ target, ...scope }) => ({ ...scope, url: target.url })),
  };
}

function keyOf(scope: TargetScope): string {
  return "wabaId" in scope ? `account/${scope.wabaId}` : `number/${scope.phoneNumberId}`;
}
