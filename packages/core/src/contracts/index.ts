/**
 * A vitest suite for each port: one test for each of its promises.
 *
 * @module @message-sender/core/contracts
 */
export { backlogContract, describeBacklogContract } from "./backlog/contract.ts";
export { clockContract, describeClockContract } from "./clock/contract.ts";
export type { ClockSubject } from "./clock/subject.ts";
export {
  type Case,
  type Contract,
  type ContractOptions,
  describeContract,
  failedCases,
  type Skip,
  type Subject,
} from "./contract.ts";
export { credentialsContract, describeCredentialsContract } from "./credentials/contract.ts";
export type { CredentialsSubject } from "./credentials/subject.ts";
export * from "./fixtures.ts";
export { describeHistoryContract, historyContract } from "./history/contract.ts";
export type { HistorySubject, KeptEntry } from "./history/subject.ts";
export { describeIdsContract, idsContract } from "./ids/contract.ts";
export type { IdsSubject } from "./ids/subject.ts";
export { describeMediaContract, mediaContract } from "./media/contract.ts";
export type { MediaScenario, MediaSubject, ReceivedFile } from "./media/subject.ts";
export { describeMessageStoreContract, messageStoreContract } from "./message-store/contract.ts";
export { describeMessageQueueContract, messageQueueContract } from "./message-queue/contract.ts";
export { describeNumberRatesContract, numberRatesContract } from "./number-rates/contract.ts";
export type { NumberRatesSubject } from "./number-rates/subject.ts";
export { describeOutboxContract, outboxContract } from "./outbox/contract.ts";
export { describePacerContract, pacerContract } from "./pacer/contract.ts";
export type { PacerSubject } from "./pacer/subject.ts";
export { describeParkedStatusesContract, parkedStatusesContract } from "./parked-statuses/contract.ts";
export { describeProcessLeaseContract, processLeaseContract } from "./process-lease/contract.ts";
export { describePausesContract, pausesContract } from "./pauses/contract.ts";
export { describeQuotaContract, quotaContract } from "./quota/contract.ts";
export type { QuotaSubject } from "./quota/subject.ts";
export { describeQuotaCountersContract, quotaCountersContract } from "./quota-counters/contract.ts";
export type { QuotaCountersSubject } from "./quota-counters/steps.ts";
export { describeQuotaLedgerContract, quotaLedgerContract } from "./quota-ledger/contract.ts";
export { describeRecipientsContract, recipientsContract } from "./recipients/contract.ts";
export { describeReadReceiptsContract, readReceiptsContract } from "./read-receipts/contract.ts";
export type { ReadReceiptsSubject, ReceivedReceipt } from "./read-receipts/subject.ts";
export { describeErasureContract, erasureContract } from "./erasure/contract.ts";
export { describeRetentionContract, retentionContract } from "./retention/contract.ts";
export { describeSabotage, type Sabotage, type SabotageOptions } from "./sabotage.ts";
export { describeStatusCallbacksContract, statusCallbacksContract } from "./status-callbacks/contract.ts";
export type { ArrivedEvent, StatusCallbacksSubject } from "./status-callbacks/subject.ts";
export { describeStoreContracts } from "./store/contracts.ts";
export { due } from "./store/steps.ts";
export { describeStoreHealthContract, storeHealthContract } from "./store-health/contract.ts";
export { describeStoreLoadContract, storeLoadContract } from "./store-load/contract.ts";
export type { AnotherProcess, StoreSubject } from "./store/subject.ts";
export { describeTemplatesContract, templatesContract } from "./templates/contract.ts";
export type { TemplatesSubject } from "./templates/subject.ts";
export { describeTransportContract, transportContract } from "./transport/contract.ts";
export type { ReceivedRequest, TransportScenario, TransportSubject } from "./transport/subject.ts";
export { describeWebhookInboxContract, webhookInboxContract } from "./webhook-inbox/contract.ts";
