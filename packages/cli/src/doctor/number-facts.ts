import type { Credential } from "@message-sender/core/adapter";
import { throughputLevels } from "@message-sender/core/values";
import { z } from "zod";

import type { CallAnswer } from "./call.ts";
import { type Check, failed, warned } from "./check.ts";
import { type Graph, graphErrorIn } from "./graph-lookups.ts";

/**
 * What WhatsApp says of a number. Sources: `status` and `quality_rating`, Business Management API, "WhatsApp Account Number"
 * (`WhatsAppBusinessAccountToNumberStatus`); `throughput`, Cloud API, "Throughput" (`STANDARD`, `HIGH`, `NOT_APPLICABLE`);
 * `whatsapp_business_manager_messaging_limit`, "Messaging Limits", which has replaced `messaging_limit_tier` from v24.0 on;
 * `webhook_configuration`, "Webhook overrides": the URLs that the number, its WABA and its app have, of which the first one counts.
 * `code_verification_status` is not read: it stays `EXPIRED` at numbers that send.
 */
export const numberSchema = z.object({
  status: z.string().optional().catch(undefined),
  quality_rating: z.string().optional().catch(undefined),
  throughput: z.object({ level: z.string() }).optional().catch(undefined),
  whatsapp_business_manager_messaging_limit: z.string().optional().catch(undefined),
  messaging_limit_tier: z.string().optional().catch(undefined),
  webhook_configuration: z
    .object({
      phone_number: z.string().optional(),
      whatsapp_business_account: z.string().optional(),
      application: z.string().optional(),
    })
    .optional()
    .catch(undefined),
});

export type NumberFacts = z.infer<typeof numberSchema>;

const always = ["status", "quality_rating", "throughput", "webhook_configuration"];

/** Asks for the fields that this version of the Graph API has: it refuses the whole request for one that it lacks. */
export async function askNumber(
  graph: Graph,
  { phoneNumberId, accessToken }: Credential,
  version: string,
): Promise<CallAnswer | string> {
  const limit = Number(version.slice(1)) < 24 ? "messaging_limit_tier" : "whatsapp_business_manager_messaging_limit";
  for (let fields = [...always, limit]; ;) {
    const answer = await graph.get(`${phoneNumberId}?fields=${fields.join(",")}`, accessToken);
    if (typeof answer === "string") return answer;
    const [, lacking] = /nonexisting field \((\w+)\)/.exec(graphErrorIn(answer)?.message ?? "") ?? [];
    if (lacking === undefined || !fields.includes(lacking)) return answer;
    fields = fields.filter((field) => field !== lacking);
    if (fields.length === 0) return graph.get(phoneNumberId, accessToken);
  }
}

/** In words, for a name: `: quality GREEN, limit TIER_2K`. */
export function factsText(number: NumberFacts): string {
  const limit = number.whatsapp_business_manager_messaging_limit ?? number.messaging_limit_tier;
  const facts = [
    number.quality_rating && `quality ${number.quality_rating}`,
    limit && `limit ${limit}`,
    number.throughput && `throughput ${number.throughput.level}`,
  ].filter(Boolean);
  return facts.length > 0 ? `: ${facts.join(", ")}` : "";
}

/** Such a number sends, with limits. */
const limited: Readonly<Record<string, string>> = {
  FLAGGED: "its quality is low: send fewer unwanted messages, or WhatsApp lowers its limits",
  RESTRICTED: "it has reached its messaging limit: until the day is over it only answers customers who wrote",
  RATE_LIMITED: "lower PACE_NUMBER_PER_SECOND or the outlet's throughput_per_second",
};

export function numberProblems(name: string, number: NumberFacts, configured: number | undefined): readonly Check[] {
  const { status, quality_rating: quality, throughput } = number;
  const found: Check[] = [];
  if (status !== undefined && status !== "CONNECTED" && status !== "LINKED") {
    const problem = `the number is ${status}, not CONNECTED`;
    const advice = limited[status];
    found.push(
      advice === undefined
        ? failed(name, problem, "register or reconnect the number in WhatsApp Manager")
        : warned(name, problem, advice),
    );
  }
  if (quality === "RED" || quality === "YELLOW") {
    const advice = "send fewer unwanted messages: WhatsApp pauses templates and lowers the limits of such numbers";
    const others = factsText({ ...number, quality_rating: undefined });
    found.push(warned(name, `the quality rating is ${quality}${others}`, advice));
  }
  const most = levels[throughput?.level ?? ""];
  if (most !== undefined && configured !== undefined && configured > most) {
    const problem = `throughput_per_second is ${configured}, but WhatsApp takes ${most} (${throughput?.level})`;
    found.push(warned(name, problem, `set throughput_per_second to ${most}`));
  }
  return found;
}

const levels: Readonly<Record<string, number>> = throughputLevels;
