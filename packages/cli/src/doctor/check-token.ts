import type { Secret } from "@message-sender/core";
import { z } from "zod";

import { type Check, failed, warned } from "./check.ts";
import { type Graph, graphErrorIn } from "./graph-lookups.ts";

const tokenSchema = z.object({
  data: z.object({
    app_id: z.string().optional().catch(undefined),
    is_valid: z.boolean().optional(),
    /** Unix seconds; 0: never. */
    expires_at: z.number().optional(),
    scopes: z.array(z.string()).optional(),
  }),
});

const soonMs = 7 * 86_400_000;
const needed = "whatsapp_business_messaging";

/** What was found about a token, and the app that it belongs to. */
export interface TokenChecks {
  readonly checks: readonly Check[];
  readonly appId?: string;
}

/**
 * What a token that WhatsApp accepts lacks (Graph API, "debug_token": `app_id`, `is_valid`, `expires_at`, `scopes`). Nothing where
 * WhatsApp does not describe it.
 */
export async function checkToken(graph: Graph, name: string, token: Secret): Promise<TokenChecks> {
  const answer = await graph.get(`debug_token?input_token=${encodeURIComponent(token.reveal())}`, token);
  if (typeof answer === "string" || graphErrorIn(answer)) return { checks: [] };
  const parsed = tokenSchema.safeParse(answer.body);
  if (!parsed.success) return { checks: [] };
  const { app_id: appId } = parsed.data.data;
  return { checks: lacksOf(name, parsed.data.data), ...(appId !== undefined && { appId }) };
}

function lacksOf(name: string, token: z.infer<typeof tokenSchema>["data"]): readonly Check[] {
  const { is_valid: isValid, expires_at: expiresAt = 0, scopes } = token;
  if (isValid === false) {
    return [failed(name, "the access token is not valid", "create a new token and give it to the outlet")];
  }
  const found: Check[] = [];
  if (scopes && !scopes.includes(needed)) {
    found.push(failed(name, `the access token lacks ${needed}`, "create a token with this permission"));
  }
  if (expiresAt > 0 && expiresAt * 1000 - Date.now() < soonMs) {
    const at = new Date(expiresAt * 1000).toISOString();
    found.push(
      warned(name, `the access token expires at ${at}`, "use a token of a system user, which does not expire"),
    );
  }
  return found;
}
