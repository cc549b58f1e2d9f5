import type { AccountBook } from "./accounts/account-book.ts";
import { accountOperations } from "./accounts/account-operations.ts";
import { numberListOperations } from "./accounts/number-list-operations.ts";
import { scheduleOperations } from "./accounts/schedule-operations.ts";
import { tokenOperations } from "./accounts/token-operations.ts";
import { userOperations } from "./accounts/user-operations.ts";
import type { Access } from "./access/graph-access.ts";
import type { Tokens } from "./access/tokens.ts";
import type { Callbacks } from "./callbacks.ts";
import { businessOperations } from "./business/business-operations.ts";
import { preverifiedOperations } from "./business/preverified-operations.ts";
import { flowOperations } from "./flows/flow-operations.ts";
import type { GraphMessage } from "./graph-message.ts";
import type { GraphState } from "./graph-state.ts";
import { groupOperations } from "./groups/group-operations.ts";
import { historyOperations, type ReportedStatus } from "./history/history-operations.ts";
import { mediaOperations } from "./media/media-operations.ts";
import { uploadSessionOperations } from "./media/upload-session-operations.ts";
import { createAutomations } from "./numbers/automation-operations.ts";
import { blockedUserOperations } from "./numbers/blocked-user-operations.ts";
import { commerceOperations } from "./numbers/commerce-operations.ts";
import { complianceOperations } from "./numbers/compliance-operations.ts";
import { encryptionOperations } from "./numbers/encryption-operations.ts";
import { numberOperations } from "./numbers/number-operations.ts";
import { officialAccountOperations } from "./numbers/official-account-operations.ts";
import { profileOperations } from "./numbers/profile-operations.ts";
import { qrCodeOperations } from "./numbers/qr-code-operations.ts";
import { settingsOperations } from "./numbers/settings-operations.ts";
import type { Operation } from "./objects/operation.ts";
import { createOperationTable, type OperationTable } from "./objects/operation-table.ts";
import { templateOperations } from "./templates/template-operations.ts";

interface SurfaceDeps {
  readonly state: GraphState;
  readonly access: Access;
  readonly tokens: () => Tokens;
  readonly now: () => number;
  readonly keep: number;
  readonly nextId: () => string;
  readonly wabaOf: (phoneNumberId: string) => string;
  readonly numbersOf: (accountId: string) => readonly string[];
  readonly namedAccounts: () => readonly string[];
  readonly messages: () => readonly GraphMessage[];
  readonly statusesOf: (wamid: string) => readonly ReportedStatus[];
  readonly notify: (phoneNumberId: string, field: string, value: Readonly<Record<string, unknown>>) => void;
  readonly callbacks: Callbacks;
  /** Sends. */
  readonly sending: readonly Operation[];
}

/** Everything that Graph does, with the state that it has until the reset. */
export function createSurface(deps: SurfaceDeps): OperationTable {
  const {
    callbacks,
    state,
    access,
    tokens,
    now,
    keep,
    nextId,
    wabaOf,
    numbersOf,
    namedAccounts,
    messages,
    statusesOf,
  } = deps;
  const { memory, objects } = state;
  const accounts = (): AccountBook => state.accounts;
  const numbers = () => state.numbers;
  const throughputOf = (phoneNumberId: string) => state.limiter.throughputOf(phoneNumberId);
  const kept = { memory, keep, nextId, wabaOf };
  const mayRead = (token: string | undefined, phoneNumberId: string) => access.number(token, phoneNumberId, "get");

  const automations = createAutomations({ memory, keep, objects });

  return createOperationTable([
    ...deps.sending,
    ...mediaOperations({ media: () => state.media, now, mayRead }),
    ...uploadSessionOperations({ memory, objects, nextId }),
    ...numberOperations({ numbers, throughputOf, automationOf: automations.of, callbacks }),
    ...profileOperations({ memory, keep, objects }),
    ...settingsOperations(memory, keep),
    ...qrCodeOperations({ memory, keep, now, nextId }),
    ...blockedUserOperations({ blocked: () => state.blocked, resolve: state.resolve }),
    ...commerceOperations(kept),
    ...encryptionOperations(kept),
    ...complianceOperations(kept),
    ...automations.operations,
    ...officialAccountOperations(kept),
    ...historyOperations({ memory, objects, messages, statusesOf }),
    ...groupOperations({ memory, objects, now, notify: deps.notify }),
    ...accountOperations({ accounts, callbacks }),
    ...numberListOperations({ accounts, numbers, objects, numbersOf, throughputOf }),
    ...templateOperations({ templates: () => state.templates, review: state.review, accounts }),
    ...flowOperations(() => state.flows, now),
    ...userOperations(accounts),
    ...scheduleOperations({ accounts, now, nextId }),
    ...businessOperations({ accounts, namedAccounts }),
    ...preverifiedOperations(memory, objects, now),
    ...tokenOperations(tokens),
  ]);
}
