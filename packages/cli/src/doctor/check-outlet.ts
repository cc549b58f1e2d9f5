import type { Settings } from "@message-sender/server/settings";

import { type Check, failed, passed } from "./check.ts";
import { checkProvider } from "./check-provider.ts";
import { checkToken } from "./check-token.ts";
import { checkWaba } from "./check-waba.ts";
import { type Graph, graphErrorIn } from "./graph-lookups.ts";
import { askNumber, factsText, numberProblems, numberSchema } from "./number-facts.ts";
import type { Outlet } from "./outlet.ts";

/** The checks of an outlet, and where WhatsApp sends its webhooks, if it says so. */
export interface OutletChecks {
  readonly checks: readonly Check[];
  readonly webhookUrl?: string;
}

export function outletName({ tenantId, outletId, credential }: Outlet): string {
  return `outlet ${outletId} of tenant ${tenantId}, number ${credential.phoneNumberId}`;
}

/** Asks WhatsApp about the outlet's token, number, WABA and subscription, or its provider about what it tells. */
export async function checkOutlet(graph: Graph, outlet: Outlet, settings: Settings): Promise<OutletChecks> {
  const { credential } = outlet;
  const { phoneNumberId, provider } = credential;
  const name = outletName(outlet);
  if (provider) return { checks: [await checkProvider(graph, name, credential, provider, settings)] };
  const answer = await askNumber(graph, credential, settings.GRAPH_API_VERSION);
  if (typeof answer === "string") return { checks: [failed(name, `WhatsApp ${answer}`, "see the check of WhatsApp")] };
  const error = graphErrorIn(answer);
  if (error) return { checks: [refused(name, phoneNumberId, error)] };
  const number = numberSchema.safeParse(answer.body);
  if (!number.success) {
    const advice = "check GRAPH_API_URL: WhatsApp's Graph API answers otherwise";
    return { checks: [failed(name, "WhatsApp's answer about the number cannot be read", advice)] };
  }
  const token = await checkToken(graph, name, credential.accessToken);
  const account = await checkWaba(graph, name, credential, { settings, appId: token.appId });
  const { phone_number, whatsapp_business_account, application } = number.data.webhook_configuration ?? {};
  const webhookUrl = phone_number ?? whatsapp_business_account ?? application;
  const problems = [...numberProblems(name, number.data, credential.throughputPerSecond), ...token.checks, ...account];
  const checks = problems.length > 0 ? problems : [passed(`${name}${factsText(number.data)}`)];
  return { checks, ...(webhookUrl !== undefined && { webhookUrl }) };
}

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
