import { type Contract, type ContractOptions, describeContract } from "../contract.ts";
import type { StoreSubject } from "../store/subject.ts";
import { webhookInboxCases } from "./cases.ts";

/** What is to be handed on enters the outbox of the inbox's store. */
export const webhookInboxContract: Contract<StoreSubject> = {
  port: "WebhookInbox",
  cases: webhookInboxCases,
};

export function describeWebhookInboxContract(options: ContractOptions<StoreSubject>): void {
  describeContract(webhookInboxContract, options);
}
