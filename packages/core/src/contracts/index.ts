export { clockContract, type ClockSubject, describeClockContract } from "./clock/contract.ts";
export {
  type Case,
  type Contract,
  type ContractOptions,
  describeContract,
  failedCases,
  type Skip,
  type Subject,
} from "./contract.ts";
export { credentialsContract, type CredentialsSubject, describeCredentialsContract } from "./credentials/contract.ts";
export * from "./fixtures.ts";
export { describeHistoryContract, historyContract, type HistorySubject, type KeptEntry } from "./history/contract.ts";
export { describeIdsContract, idsContract, type IdsSubject } from "./ids/contract.ts";
export {
  describeMediaContract,
  mediaContract,
  type MediaScenario,
  type MediaSubject,
  type ReceivedFile,
} from "./media/contract.ts";
export { describeMessageStoreContract, messageStoreContract } from "./message-store/contract.ts";
export { describeOutboxContract, outboxContract } from "./outbox/contract.ts";
export { describePacerContract, pacerContract, type PacerSubject } from "./pacer/contract.ts";
export { describeParkedStatusesContract, parkedStatusesContract } from "./parked-statuses/contract.ts";
export { describeQuotaContract, quotaContract, type QuotaSubject } from "./quota/contract.ts";
export { describeQuotaCountersContract, quotaCountersContract } from "./quota-counters/contract.ts";
export type { QuotaCountersSubject } from "./quota-counters/steps.ts";
export { describeQuotaLedgerContract, quotaLedgerContract } from "./quota-ledger/contract.ts";
export { describeRecipientsContract, recipientsContract } from "./recipients/contract.ts";
export {
  describeReadReceiptsContract,
  readReceiptsContract,
  type ReadReceiptsSubject,
  type ReceivedReceipt,
} from "./read-receipts/contract.ts";
export { describeRetentionContract, retentionContract } from "./retention/contract.ts";
export { describeSabotage, type Sabotage, type SabotageOptions } from "./sabotage.ts";
export { describeStoreContracts } from "./store/contracts.ts";
export { describeStoreHealthContract, storeHealthContract } from "./store-health/contract.ts";
export type { StoreSubject } from "./store/subject.ts";
export {
  describeTransportContract,
  type ReceivedRequest,
  transportContract,
  type TransportScenario,
  type TransportSubject,
} from "./transport/contract.ts";
export { describeWebhookInboxContract, webhookInboxContract } from "./webhook-inbox/contract.ts";
