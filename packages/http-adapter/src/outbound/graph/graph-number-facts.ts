import { type Credential, isIdentifier } from "@message-sender/core/adapter";
import { err, ok, type Result, ResultAsync } from "neverthrow";
import { z } from "zod";

import type { NumberFacts, NumberFactsError } from "../../number-facts.ts";
import { callKind, inClientSpan, notedEnd } from "../http/client-span.ts";
import { isSuccess } from "../http/exchange.ts";
import { parseJsonBody } from "../http/json-body.ts";
import { createGraphClient, type GraphTransportOptions } from "./graph-client.ts";
import { describeGraphError } from "./graph-error.ts";

/** Reads what Meta says about numbers. */
export interface GraphNumberFacts {
  /** Each call is a request. It uses the outlet's token, and so also tells whether that works. */
  read(credential: Credential): ResultAsync<NumberFacts, NumberFactsError>;
  /** Closes its connections. */
  close(): Promise<void>;
}

const text = z.string().max(200).optional().catch(undefined);
const answerSchema = z.object({
  display_phone_number: text,
  verified_name: text,
  quality_rating: text,
  messaging_limit_tier: text,
  whatsapp_business_manager_messaging_limit: text,
  status: text,
  throughput: z.object({ level: text }).optional().catch(undefined),
});
const fields = Object.keys(answerSchema.shape).join(",");
const timeoutMs = 5000;

/**
 * Asks Meta's Graph API (`GET /{phone_number_id}`; Cloud API, "Business phone numbers"), over separate connections.
 *
 * @example
 * ```ts
 * const { read } = createGraphNumberFacts({ version: "v25.0" });
 * const facts = await read({ accessToken: new Secret(token), phoneNumberId: "106540352242922" });
 * ```
 */
export function createGraphNumberFacts(options: GraphTransportOptions = {}): GraphNumberFacts {
  const { url = "https://graph.facebook.com", version = "v25.0" } = options;
  const { routes } = createGraphClient(options, { maxConnections: 4 });
  const kind = callKind(url, "GET", "/{version}/{phone_number_id}");

  async function ask({ accessToken, phoneNumberId }: Credential): Promise<Result<NumberFacts, NumberFactsError>> {
    const { meta } = routes;
    const path = `/${version}/${encodeURIComponent(phoneNumberId)}?fields=${fields}`;
    const headers = { [meta.authHeader]: meta.authPrefix + accessToken.reveal() };
    const answer = await inClientSpan(kind, async (span) =>
      notedEnd(span, await meta.request({ method: "GET", path, headers }, timeoutMs)),
    );
    if (answer.isErr()) return err({ kind: "Unavailable", reason: "WhatsApp did not answer" });
    const body = parseJsonBody(answer.value.body);
    if (isSuccess(answer.value.status)) return ok(factsOf(body));
    const failure = describeGraphError(z.object({ error: z.unknown() }).safeParse(body).data?.error, {
      token: accessToken,
    });
    const reason = failure?.title ?? `WhatsApp answered ${answer.value.status}`;
    const isRefused = failure?.class === "credentials" || failure?.class === "permission";
    if (!isRefused) return err({ kind: "Unavailable", reason });
    return err({ kind: "TokenRefused", reason, ...(failure.code !== undefined && { code: failure.code }) });
  }

  return {
    read(credential) {
      const isAtMeta = !credential.provider && isIdentifier(credential.phoneNumberId);
      const answer: Promise<Result<NumberFacts, NumberFactsError>> = isAtMeta
        ? ask(credential)
        : Promise.resolve(err({ kind: "NotAtMeta" }));
      return new ResultAsync(answer);
    },
    close: routes.close,
  };
}

function factsOf(body: unknown): NumberFacts {
  const said = answerSchema.safeParse(body).data;
  const facts: Record<keyof NumberFacts, string | undefined> = {
    displayPhoneNumber: said?.display_phone_number,
    verifiedName: said?.verified_name,
    qualityRating: said?.quality_rating,
    messagingLimit: said?.whatsapp_business_manager_messaging_limit ?? said?.messaging_limit_tier,
    status: said?.status,
    throughput: said?.throughput?.level,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}
