import type { Unavailable } from "@message-sender/core";
import type { WebhookReceived } from "@message-sender/core/adapter";
import type { Result } from "neverthrow";

import { unavailableTo } from "../problems/problem-details.ts";
import type { DirectAnswers } from "../requests/direct-answers.ts";
import type { DirectRequest } from "../requests/direct-request.ts";
import { answerDirectly, type DirectRouteParts } from "../routes/direct-route.ts";
import type { WebhookReceiver } from "./webhook-decisions.ts";
import { webhookRoute } from "./webhook-routes.ts";

/** Answers plain webhooks straight from the server, by the decisions of the route. */
export function createWebhookListener(receiver: WebhookReceiver, parts: DirectRouteParts): DirectAnswers {
  const { requests } = parts;

  function respond(request: DirectRequest, received: Result<WebhookReceived, Unavailable>): void {
    try {
      if (received.isErr()) requests.respondFailure(request, received.error, unavailableTo.record);
      else requests.respondJson(request, received.value);
    } catch (error) {
      requests.fail(request, error);
    }
  }

  return answerDirectly(parts, webhookRoute, (request, headers, body) => {
    const signature = receiver.signatureOf(headers["x-hub-signature-256"] as string | undefined);
    if (signature.isErr()) return requests.respondProblem(request, signature.error);
    const receiving = requests.run(request, () => receiver.receive(body, signature.value));
    if (receiving.isErr()) return requests.respondProblem(request, receiving.error);
    receiving.value.then(
      (received) => respond(request, received),
      (error: unknown) => requests.fail(request, error),
    );
  });
}
