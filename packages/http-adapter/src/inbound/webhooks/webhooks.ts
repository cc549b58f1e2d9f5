import { createHash, timingSafeEqual } from "node:crypto";

import type { Secret } from "@message-sender/core";

import { invalidRequest, type Problem } from "../problems/problem.ts";
import { unavailableTo } from "../problems/problem-details.ts";
import { createRequestBodies } from "../bodies/request-bodies.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondContent, respondJson, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";
import type { WebhookOptions, WebhookReceiver } from "./webhook-decisions.ts";
import { handshakeRoute, webhookRoute } from "./webhook-routes.ts";

/** Meta's limit is 3 MB (Cloud API, "Webhooks"). */
const largestWebhook = 4 * 1024 * 1024;

const forbidden: Problem = { status: 403, type: "forbidden", detail: "The verify token is invalid." };

/** `GET` is Meta's handshake. `POST` receives signed webhooks: 200 after everything is committed, 503 to make Meta repeat it. */
export function mountWebhooks(
  routes: Routes,
  { receiver, verifyToken }: Pick<WebhookOptions, "verifyToken"> & { readonly receiver: WebhookReceiver },
  fail: RespondFailure,
): void {
  // A limit of its own: anybody can send a webhook, and webhooks can be large.
  const bodies = createRequestBodies();

  routes.add(webhookRoute, async (c) => {
    const signature = receiver.signatureOf(c.req.header("x-hub-signature-256"));
    if (signature.isErr()) return respondProblem(c, signature.error);
    const body = await bodies.read(c, largestWebhook);
    if (body.isErr()) return respondProblem(c, body.error);
    const receiving = receiver.receive(body.value, signature.value);
    if (receiving.isErr()) return respondProblem(c, receiving.error);
    return receiving.value.match(
      (counts) => respondJson(c, counts),
      (error) => fail(c, error, unavailableTo.record),
    );
  });

  routes.add(handshakeRoute, (c) => {
    const [mode, token, challenge] = ["hub.mode", "hub.verify_token", "hub.challenge"].map((name) =>
      c.req.queries(name),
    );
    if (mode?.length !== 1 || token?.length !== 1 || challenge?.length !== 1) {
      return respondProblem(
        c,
        invalidRequest("The handshake needs hub.mode, hub.verify_token and hub.challenge, each exactly once."),
      );
    }
    if (mode[0] !== "subscribe" || !isSame(token[0] ?? "", verifyToken)) return respondProblem(c, forbidden);
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(challenge[0] ?? "")) {
      return respondProblem(c, invalidRequest("The challenge has an unexpected form."));
    }
    return respondContent(c, challenge[0] ?? "", { "content-type": "text/plain; charset=UTF-8" });
  });
}

/** Compares digests: they have equal lengths, so that the time reveals nothing. */
function isSame(given: string, expected: Secret): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected.reveal()));
}
