import type { Settings } from "@message-sender/server/settings";
import { z } from "zod";

import { type Check, failed, passed, warned } from "./check.ts";
import { checkWaba } from "./check-waba.ts";
import { type Graph, graphErrorIn } from "./graph-lookups.ts";
import type { Outlet } from "./outlet-source.ts";
import { checkToken } from "./check-token.ts";

const numberSchema = z.object({
  status: z.string().optional(),
  quality_rating: z.string().optional(),
  messaging_limit_tier: z.string().optional(),
  throughput: z.object({ level: z.string() }).optional(),
  webhook_configuration: z
    .object({
      phone_number: z.string().optional(),
      whatsapp_business_account: z.string().optional(),
      application: z.string().optional(),
    })
    .optional()
    .catch(undefined),
});

const fields = Object.keys(numberSchema.shape).join(",");

/** The checks of an outlet, and where WhatsApp sends its webhooks, if it says so. */
export interface OutletChecks {
  readonly checks: readonly Check[];
  readonly webhookUrl?: string;
}

/** Asks WhatsApp about the outlet's token, number, WABA and subscription. */
export async function checkOutlet(graph: Graph, outlet: Outlet, settings: Settings): Promise<OutletChecks> {
  const { tenantId, outletId, credential } = outlet;
  const { accessToken, phoneNumberId, provider } = credential;
  const name = `outlet ${outletId} of tenant ${tenantId}, number ${phoneNumberId}`;
  if (provider) return { checks: [passed(`${name}, which a provider sends: not checked at WhatsApp`)] };
  let answer = await graph.get(`${phoneNumberId}?fields=${fields}`, accessToken);
  // WhatsApp refuses the whole request if its version lacks one of the fields.
  if (typeof answer === "object" && graphErrorIn(answer)?.message.includes("nonexisting field")) {
    answer = await graph.get(phoneNumberId, accessToken);
  }
  if (typeof answer === "string") return { checks: [failed(name, `WhatsApp ${answer}`, "see the check of WhatsApp")] };
  const error = graphErrorIn(answer);
  if (error) return { checks: [refused(name, phoneNumberId, error)] };
  const number = numberSchema.safeParse(answer.body);
  if (!number.success) {
    const advice = "check GRAPH_API_URL: WhatsApp's Graph API answers otherwise";
    return { checks: [failed(name, "WhatsApp's answer about the number cannot be read", advice)] };
  }
  const [token, account] = await Promise.all([
    checkToken(graph, name, accessToken),
    checkWaba(graph, name, credential, settings),
  ]);
  const { phone_number, whatsapp_business_account, application } = number.data.webhook_configuration ?? {};
  const webhookUrl = phone_number ?? whatsapp_business_account ?? application;
  const problems = [...numberProblems(name, number.data, credential.throughputPerSecond), ...token, ...account];
  const checks = problems.length > 0 ? problems : [passed(`${name}${factsOf(number.data)}`)];
  return { checks, ...(webhookUrl !== undefined && { webhookUrl }) };
}

type NumberFacts = z.infer<typeof numberSchema>;

function factsOf({ quality_rating, messaging_limit_tier, throughput }: NumberFacts): string {
  const facts = [
    quality_rating && `quality ${quality_rating}`,
    messaging_limit_tier && `limit ${messaging_limit_tier}`,
    throughput && `throughput ${throughput.level}`,
  ].filter(Boolean);
  return facts.length > 0 ? `: ${facts.join(", ")}` : "";
}

function numberProblems(name: string, number: NumberFacts, configured: number | undefined): readonly Check[] {
  const { status, quality_rating: quality, throughput } = number;
  const found: Check[] = [];
  if (status !== undefined && status !== "CONNECTED" && status !== "LINKED") {
    const advice = "register or reconnect the number in WhatsApp Manager";
    found.push(failed(name, `the number is ${status}, not CONNECTED`, advice));
  }
  if (quality === "RED" || quality === "YELLOW") {
    const advice = "send fewer unwanted messages: WhatsApp pauses templates and lowers the limits of such numbers";
    found.push(
      warned(name, `the quality rating is ${quality}${factsOf({ ...number, quality_rating: undefined })}`, advice),
    );
  }
  const most = levels[throughput?.level ?? ""];
  if (most !== undefined && configured !== undefined && configured > most) {
    const problem = `throughput_per_second is ${configured}, but WhatsApp takes ${most} (${throughput?.level})`;
    found.push(warned(name, problem, `set throughput_per_second to ${most}`));
  }
  return found;
}

/** Cloud API, "Throughput". */
const levels: Readonly<Record<string, number>> = { STANDARD: 80, HIGH: 1000 };

interface Refusal {
  readonly code: number;
  readonly subcode?: number;
  readonly message: string;
}

function refused(name: string, number: string, { code, subcode }: Refusal): Check {
  const shown = `code ${code}${subcode === undefined ? "" : `, subcode ${subcode}`}`;
  if (code === 190 || code === 0 || code === 102) {
    const why = subcode === 463 ? "has expired" : subcode === 467 ? "was revoked" : "is not valid";
    const advice =
      "create a token of a system user with whatsapp_business_messaging and whatsapp_business_management, and give it to the outlet";
    return failed(name, `the access token ${why} (${shown})`, advice);
  }
  if ((code === 100 && subcode === 33) || code === 10 || code === 3 || code === 803 || (code >= 200 && code < 300)) {
    const advice = "correct phone_number_id, or assign the WABA that has the number to the token's system user";
    return failed(name, `the access token may not use number ${number}, or it does not exist (${shown})`, advice);
  }
  return failed(
    name,
    `WhatsApp refuses to answer about the number (${shown})`,
    "look the code up in Meta's list of error codes, and try again",
  );
}
