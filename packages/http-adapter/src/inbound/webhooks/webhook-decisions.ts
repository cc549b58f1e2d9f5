import type { MessageSender, Secret, Unavailable } from "@message-sender/core";
import type { WebhookReceived } from "@message-sender/core/adapter";
import { err, ok, type Result, type ResultAsync } from "neverthrow";

import type { Problem } from "../problems/problem.ts";
import type { DescribeFailure } from "./status-element.ts";
import { readWebhook } from "./webhook-payload.ts";
import { isSigned, parseSignature } from "./webhook-signature.ts";

// A webhook is received in two ways: by a route of the app, and straight from the server. What is here decides for both.

/** How webhooks are verified and explained. */
export interface WebhookOptions {
  /** The secrets of the Meta app, none of them empty. More than one while they are rotated. Without secrets, every webhook is refused. */
  readonly appSecrets: readonly Secret[];
  /** The token that Meta sends in the verification handshake. Not empty. */
  readonly verifyToken: Secret;
  /** Explains Meta's error objects. `describeGraphError` of `/outbound` fits. Default: failures have no explanation. */
  readonly describeFailure?: DescribeFailure;
}

/** Receives webhooks. The answer to each is 200 after everything is committed. */
export interface WebhookReceiver {
  /** The signature of a webhook, or the answer to one that needs no body to be refused. */
  signatureOf(header: string | undefined): Result<Buffer, Problem>;
  /** The answer to a body that is not signed, or what was recorded of it. */
  receive(body: Uint8Array, signature: Buffer): Result<ResultAsync<WebhookReceived, Unavailable>, Problem>;
}

const unsigned: Problem = {
  status: 401,
  type: "unauthenticated",
  detail: "The signature is missing or invalid.",
  authenticate: "X-Hub-Signature-256",
};

const unexplained: DescribeFailure = () => undefined;

export function createWebhookReceiver(
  sender: MessageSender,
  { appSecrets, verifyToken, describeFailure = unexplained }: WebhookOptions,
): WebhookReceiver {
  requireSecrets([...appSecrets, verifyToken]);
  return {
    signatureOf(header) {
      const signature = parseSignature(header);
      return signature ? ok(signature) : err(unsigned);
    },
    receive(body, signature) {
      if (!isSigned(body, signature, appSecrets)) return err(unsigned);
      const { updates, facts, others, unread } = readWebhook(body, describeFailure);
      return ok(sender.receiveWebhook({ statuses: updates, recipientFacts: facts, others, unrecognized: unread }));
    },
  };
}

/** Anybody can sign with an empty secret, and an unset environment variable may become one. */
function requireSecrets(secrets: readonly (Secret | undefined)[]): void {
  const areValid = secrets.every((secret) => typeof secret?.reveal === "function" && secret.reveal() !== "");
  if (!areValid)
    throw new TypeError("webhooks: each of `appSecrets` and `verifyToken` must be a Secret, and not empty");
}
