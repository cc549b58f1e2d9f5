import { createServiceClient } from "@message-sender/http-adapter/outbound";
import type { Settings } from "@message-sender/server/settings";
import { z } from "zod";

import { callTimeoutMs, type Check, failed, passed } from "./check.ts";
import { redirectAdvice, serviceProblem } from "./service-problem.ts";

const resultsSchema = z.object({ results: z.array(z.unknown()) });

/** Offers the Conversation Service an empty batch, which stores nothing: it refuses it, or answers in the form of a batch. */
export async function checkConversations({
  CONVERSATION_SERVICE_URL: url,
  SERVICE_TOKEN: token,
}: Settings): Promise<Check> {
  if (url === undefined) return passed("no Conversation Service: sent messages are not reported to one");
  const name = `Conversation Service at ${url}`;
  const client = createServiceClient({ url, timeoutMs: callTimeoutMs, ...(token && { token }) });
  const path = "/api/v1/conversations/messages/batch";
  const answered = await client.call({ method: "POST", path, body: { messages: [] } });
  await client.close();
  if (answered.isErr()) {
    const advice = "check the URL, and that the service runs and can be reached from here";
    return failed(name, serviceProblem(answered.error.reason), advice);
  }
  const { status, body, isEmpty } = answered.value;
  if (status === 401 || status === 403) {
    return failed(name, `answered HTTP ${status}`, "set SERVICE_TOKEN to the token that the service expects");
  }
  if (status >= 500 && status !== 501) return failed(name, `answered HTTP ${status}`, "see the log of the service");
  if (status >= 300) {
    return status < 400 ? failed(name, `answered HTTP ${status}`, redirectAdvice) : passed(name);
  }
  if (isEmpty === true || resultsSchema.safeParse(body).success) return passed(name);
  const problem = body === undefined ? "not JSON" : "results is missing or not valid";
  const advice =
    'answer POST …/messages/batch with {"results": [{"message_id", "status"}]}, or with 404 if there are no batches';
  return failed(name, `invalid answer: ${problem}`, advice);
}
