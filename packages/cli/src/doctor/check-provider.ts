import type { Credential, Provider } from "@message-sender/core/adapter";
import { profileOf } from "@message-sender/http-adapter/outbound";
import type { Settings } from "@message-sender/server/settings";
import { z } from "zod";

import { type Check, failed, passed, warned } from "./check.ts";
import type { Graph } from "./graph-lookups.ts";

/** 360dialog, "Messaging Health Status": `GET /health_status`, in the form of Meta's field of that name. */
const healthSchema = z.object({
  health_status: z.object({ can_send_message: z.enum(["AVAILABLE", "LIMITED", "BLOCKED"]) }),
});

/**
 * Asks the provider of an outlet about its health, at the neighbor `health_status` of its messages, where 360dialog has it. Of other
 * providers it finds whether they can be reached and refuse the token. It does not find the number's quality and limits, and says so.
 */
export async function checkProvider(
  graph: Graph,
  name: string,
  { accessToken, phoneNumberId }: Credential,
  provider: Provider,
  settings: Settings,
): Promise<Check> {
  const profile = profileOf(provider, settings.GRAPH_API_VERSION);
  if (!profile) return failed(name, "its provider is not valid", "correct the fields of provider");
  const { origin, authHeader, authPrefix } = profile;
  const path = profile.pathOf("messages", phoneNumberId).replace(/messages$/, "health_status");
  const answer = await graph.getAt(origin + path, { [authHeader]: authPrefix + accessToken.reveal() });
  if (typeof answer === "string") {
    return failed(
      name,
      `its provider at ${origin} ${answer}`,
      "check the url of provider, HTTPS_PROXY and the firewall",
    );
  }
  const { status, body } = answer;
  if (status === 401 || status === 403) {
    const advice = "correct waba_access_token, or auth_header and auth_scheme of provider";
    return failed(name, `its provider at ${origin} refuses the access token (HTTP ${status})`, advice);
  }
  if (status >= 500) {
    return failed(name, `its provider at ${origin} answered HTTP ${status}`, "see the provider's status page");
  }
  const health = healthSchema.safeParse(body);
  if (status >= 300 || !health.success) {
    const problem = `its provider at ${origin} can be reached, but tells nothing about the number: token, quality and limits are not checked`;
    return warned(name, problem, "see the provider's dashboard, and send a message to a number of your own");
  }
  const can = health.data.health_status.can_send_message;
  if (can === "AVAILABLE") return passed(`${name}, by its provider at ${origin}: messages ${can}`);
  const advice = "see the provider's dashboard: its health_status names the cause";
  const problem = `its provider at ${origin} says that sending is ${can}`;
  return can === "BLOCKED" ? failed(name, problem, advice) : warned(name, problem, advice);
}
