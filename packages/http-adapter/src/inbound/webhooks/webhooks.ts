import { createHash, timingSafeEqual } from "node:crypto";

import type { MessageSender, Secret } from "@message-sender/core";

import { invalidRequest, type Problem } from "../problems/problem.ts";
import { unavailableTo } from "../problems/problem-details.ts";
import { createRequestBodies } from "../bodies/request-bodies.ts";
import type { RespondFailure } from "../requests/respond-failure.ts";
import { respondContent, respondJson, respondProblem } from "../requests/respond.ts";
import type { Routes } from "../routes/routes.ts";
import type { DescribeFailure } from "./status-element.ts";
import { readWebhook } from "./webhook-payload.ts";
import { handshakeRoute, webhookRoute } from "./webhook-routes.ts";
import { isSigned, parseSignature } from "./webhook-signature.ts";

/** How webhooks are verified and explained. */
export interface WebhookOptions {
  /** The secrets of the Meta app, none of them empty. More than one while they are rotated. Without secrets, every webhook is refused. */
  readonly appSecrets: readonly Secret[];
  /** The token that Meta sends in the verification handshake. Not empty. */
  readonly verifyToken: Secret;
  /** Explains Meta's error objects. `describeGraphError` of `/outbound` fits. Default: failures have no explanation. */
  readonly describeFailure?: DescribeFailure;
}

/** Meta's limit is 3 MB (Cloud API, "Webhooks"). */
const largestWebhook = 4 * 1024 * 1024;

const unsigned: Problem = {
  status: 401,
  type: "unauthenticated",
  detail: "The signature is missing or invalid.",
  authenticate: "X-Hub-Signature-256",
};
const forbidden: Problem = { status: 403, type: "forbidden", detail: "The verify token is invalid." };

/** `GET` is Meta's handshake. `POST` receives signed webhooks: 200 after everything is committed, 503 to make Meta repeat it. */
export function mountWebhooks(
  routes: Routes,
  { sender, appSecrets, verifyToken, describeFailure = () => undefined }: WebhookOptions & { sender: MessageSender },
  fail: RespondFailure,
): void {
  requireSecrets([...appSecrets, verifyToken]);
  // A limit of its own: anybody can send a webhook, and webhooks can be large.
  const bodies = createRequestBodies();

  routes.add(webhookRoute, async (c) => {
    const signature = parseSignature(c.req.header("x-hub-signature-256"));
    if (!signature) return respondProblem(c, unsigned);
    const body = await bodies.read(c, largestWebhook);
    if (body.isErr()) return respondProblem(c, body.error);
    if (!isSigned(body.value, signature, appSecrets)) return respondProblem(c, unsigned);
    const { updates, facts, others, unread } = readWebhook(body.value, describeFailure);
    return sender.receiveWebhook({ statuses: updates, recipientFacts: facts, others, unrecognized: unread }).match(
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

/** Anybody can sign with an empty secret, and an unset environment variable may become one. */
function requireSecrets(secrets: readonly (Secret | undefined)[]): void {
  const areValid = secrets.every((secret) => typeof secret?.reveal === "function" && secret.reveal() !== "");
  if (!areValid)
    throw new TypeError("webhooks: each of `appSecrets` and `verifyToken` must be a Secret, and not empty");
}

/** Compares digests: they have equal lengths, so that the time reveals nothing. */
function isSame(given: string, expected: Secret): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected.reveal()));
}
