export { clockContract, type ClockSubject, describeClockContract } from "./clock-contract.ts";
export {
  type Case,
  type Contract,
  type ContractOptions,
  describeContract,
  failedCases,
  type Skip,
  type Subject,
} from "./contract.ts";
export { credentialsContract, type CredentialsSubject, describeCredentialsContract } from "./credentials-contract.ts";
export * from "./fixtures.ts";
export { describeHistoryContract, historyContract, type HistorySubject, type KeptEntry } from "./history-contract.ts";
export { describeIdsContract, idsContract, type IdsSubject } from "./ids-contract.ts";
export { describeMessageStoreContract, messageStoreContract } from "./message-store-contract.ts";
export { describeOutboxContract, outboxContract } from "./outbox-contract.ts";
export { describePacerContract, pacerContract, type PacerSubject } from "./pacer-contract.ts";
export { describeQuotaContract, quotaContract, type QuotaSubject } from "./quota-contract.ts";
export { describeQuotaLedgerContract, quotaLedgerContract } from "./quota-ledger-contract.ts";
export { describeSabotage, type Sabotage, type SabotageOptions } from "./sabotage.ts";
export type { StoreSubject } from "./store-subject.ts";
export {
  describeTransportContract,
  type ReceivedRequest,
  transportContract,
  type TransportScenario,
  type TransportSubject,
} from "./transport-contract.ts";
