import type { z } from "#zod";

import { type LiveOptions, liveOptionsOf, optionsSchema } from "./options-schema.ts";
import { type ControlRoute, route } from "./routes/route.ts";
import { anyShape } from "./shapes.ts";

export interface OptionsControl {
  get(): LiveOptions;
  /** Starts anew with these changes. Throws on what no sandbox starts with. */
  change(changes: z.output<typeof optionsSchema>): void;
}

/** The options of `startSandbox`, while the sandbox runs. */
export function optionsRoutes(options: OptionsControl): readonly ControlRoute[] {
  const answer = () => ({ status: 200, body: withoutSecrets(liveOptionsOf(options.get())) });

  return [
    route({
      method: "GET",
      path: "/options",
      operation: "getOptions",
      tag: "Sandbox",
      summary: "Show the options with which the sandbox starts anew",
      answers: { 200: { description: "Those that were given, without secrets.", schema: anyShape } },
      handle: answer,
    }),
    route({
      method: "PATCH",
      path: "/options",
      operation: "setOptions",
      tag: "Sandbox",
      summary: "Change options of `startSandbox`, and start anew",
      description:
        "Keeps the options that are not given; null is the default. The rest is as `POST /__emulator/reset` does it.",
      body: optionsSchema,
      examples: {
        "limits and slow webhooks": {
          limits: { window: true, pair: true },
          webhooks: { statuses: ["sent", "delivered"], delayMs: 200 },
        },
        "one template": { templates: [{ name: "order_ready", language: "en_US", body: 1 }] },
        "a tenant": {
          tenants: {
            acme: {
              quota: { limit: 100 },
              outlets: { "jakarta-1": { waba_access_token: "EAAtoken", phone_number_id: "106540352242922" } },
            },
          },
        },
        "as at first": { limits: null, templates: null, tenants: null },
      },
      answers: { 200: { description: "The sandbox has started anew.", schema: anyShape } },
      handle({ body }) {
        options.change(body);
        return answer();
      },
    }),
  ];
}

const secrets: ReadonlySet<string> = new Set(["appSecret", "serviceToken", "waba_access_token", "secret"]);

function withoutSecrets({ tokens, ...options }: LiveOptions): object {
  const shown: unknown = JSON.parse(JSON.stringify(options, (key, value: unknown) => (secrets.has(key) ? "…" : value)));
  const masked = tokens && Object.entries(tokens).map(([token, seed]) => [`${token.slice(0, 4)}…`, seed] as const);
  return { ...(shown as object), ...(masked && { tokens: Object.fromEntries(masked) }) };
}
