import type { Credential } from "@message-sender/core/adapter";
import type { Settings } from "@message-sender/server/settings";
import { z } from "zod";

import { type Check, failed, warned } from "./check.ts";
import { type Graph, graphErrorIn } from "./graph-lookups.ts";

const pageSchema = z.object({
  data: z.array(z.object({ id: z.string() })),
  paging: z
    .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
    .optional()
    .catch(undefined),
});
/** Business Management API, "WhatsApp Business Account Subscribed Apps". */
const appsSchema = z.object({
  data: z.array(
    z.object({
      whatsapp_business_api_data: z.object({ id: z.string(), name: z.string().optional() }).optional().catch(undefined),
    }),
  ),
});

interface SubscriptionFacts {
  readonly settings: Settings;
  /** The app of the outlet's token, if WhatsApp says it. */
  readonly appId: string | undefined;
}

const mostPages = 20;

/** Whether the number belongs to the outlet's WABA, and whether an app receives that WABA's webhooks. */
export async function checkWaba(
  graph: Graph,
  name: string,
  credential: Credential,
  { settings, appId }: SubscriptionFacts,
): Promise<readonly Check[]> {
  if (credential.wabaId === undefined) return [];
  const [number, subscription] = await Promise.all([
    checkMembership(graph, name, credential, credential.wabaId),
    settings.WHATSAPP_APP_SECRET ? checkSubscription(graph, name, credential, appId) : undefined,
  ]);
  // An account that cannot be read has one problem, not two.
  if (number) return [number];
  return subscription ? [subscription] : [];
}

async function checkMembership(graph: Graph, name: string, { accessToken, phoneNumberId }: Credential, waba: string) {
  let after = "";
  for (let page = 0; page < mostPages; page += 1) {
    const cursor = after && `&after=${encodeURIComponent(after)}`;
    const answer = await graph.get(`${waba}/phone_numbers?fields=id&limit=100${cursor}`, accessToken);
    if (typeof answer === "string") return failed(name, `WhatsApp ${answer}`, "see the check of WhatsApp");
    const error = graphErrorIn(answer);
    const parsed = pageSchema.safeParse(answer.body);
    if (error || !parsed.success) {
      const code = error ? ` (code ${error.code})` : "";
      const advice = "correct waba_id, or give the token whatsapp_business_management and its system user this WABA";
      return failed(name, `the access token may not read WABA ${waba}, or it does not exist${code}`, advice);
    }
    const { data, paging } = parsed.data;
    if (data.some(({ id }) => id === phoneNumberId)) return undefined;
    after = paging?.next === undefined ? "" : (paging.cursors?.after ?? "");
    if (after === "") break;
  }
  if (after !== "") return undefined;
  const advice = "correct phone_number_id or waba_id: WhatsApp Manager shows both";
  return failed(name, `number ${phoneNumberId} does not belong to WABA ${waba}`, advice);
}

async function checkSubscription(
  graph: Graph,
  name: string,
  { accessToken, wabaId: waba }: Credential,
  appId: string | undefined,
): Promise<Check | undefined> {
  const answer = await graph.get(`${waba}/subscribed_apps`, accessToken);
  if (typeof answer === "string") return undefined;
  const parsed = appsSchema.safeParse(answer.body);
  if (!parsed.success) return undefined;
  const advice = `subscribe the app: POST /${waba}/subscribed_apps with the outlet's token`;
  if (parsed.data.data.length === 0) {
    return failed(name, `no app is subscribed to the webhooks of WABA ${waba}: no status will arrive`, advice);
  }
  const apps = parsed.data.data.map(({ whatsapp_business_api_data: app }) => app);
  // An app that WhatsApp does not name may be the token's.
  if (appId === undefined || apps.some((app) => app === undefined || app.id === appId)) return undefined;
  const others = apps.map((app) => `${app?.name ?? "app"} (${app?.id})`).join(", ");
  const problem = `the token's app ${appId} is not subscribed to the webhooks of WABA ${waba}, only ${others}`;
  return warned(name, problem, `${advice}, or set WHATSAPP_APP_SECRET to that of the app which is subscribed`);
}
