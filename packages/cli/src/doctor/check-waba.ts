import type { Credential } from "@message-sender/core/adapter";
import type { Settings } from "@message-sender/server/settings";
import { z } from "zod";

import { type Check, failed } from "./check.ts";
import { type Graph, graphErrorIn } from "./graph-lookups.ts";

const pageSchema = z.object({
  data: z.array(z.object({ id: z.string() })),
  paging: z
    .object({ cursors: z.object({ after: z.string() }).optional(), next: z.string().optional() })
    .optional()
    .catch(undefined),
});
const appsSchema = z.object({ data: z.array(z.unknown()) });

const mostPages = 20;

/** Whether the number belongs to the outlet's WABA, and whether an app receives that WABA's webhooks. */
export async function checkWaba(
  graph: Graph,
  name: string,
  credential: Credential,
  settings: Settings,
): Promise<readonly Check[]> {
  if (credential.wabaId === undefined) return [];
  const [number, subscription] = await Promise.all([
    checkMembership(graph, name, credential, credential.wabaId),
    settings.WHATSAPP_APP_SECRET ? checkSubscription(graph, name, credential, credential.wabaId) : undefined,
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
  { accessToken }: Credential,
  waba: string,
): Promise<Check | undefined> {
  const answer = await graph.get(`${waba}/subscribed_apps`, accessToken);
  if (typeof answer === "string") return undefined;
  const parsed = appsSchema.safeParse(answer.body);
  if (!parsed.success || parsed.data.data.length > 0) return undefined;
  const advice = `subscribe the app: POST /${waba}/subscribed_apps with the outlet's token`;
  return failed(name, `no app is subscribed to the webhooks of WABA ${waba}: no status will arrive`, advice);
}
