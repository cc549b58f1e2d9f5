import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { webhookInboxCases } from "./cases.ts";
import { webhookForwardCases } from "./forward-cases.ts";
import { webhookListCases } from "./list-cases.ts";

/** Webhooks to forward enter the outbox of the inbox's store. */
export const webhookInboxContract: Contract<StoreSubject> = {
  port: "WebhookInbox",
  cases: [...webhookInboxCases, ...webhookListCases, ...webhookForwardCases],
};

/** Declares one test for each promise of the `WebhookInbox` port. */
export function describeWebhookInboxContract(options: ContractOptions<StoreSubject>): void {
  describeContract(webhookInboxContract, options);
}
