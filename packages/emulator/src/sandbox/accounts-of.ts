import type { GraphState } from "../graph/graph-state.ts";
import { derivedWabaId } from "../tenant-service/outlet-credentials.ts";
import type { Tenants } from "../tenant-service/tenants.ts";

/** The number in Meta's examples. */
const sampleNumber = "106540352242922";

/** Which account has which numbers: as the outlets of the tenants say, and as was changed over the Graph API. */
export function accountsOf(tenants: () => Tenants, state: () => GraphState) {
  return {
    /** The account of a number. One that no outlet has belongs to an account of its own. */
    wabaOf(phoneNumberId: string): string {
      return tenants().wabaOf(phoneNumberId) ?? derivedWabaId(phoneNumberId);
    },
    /** The numbers of an account: those of its outlets, and those that were added to it. */
    numbersOf(accountId: string): readonly string[] {
      const { accounts } = state();
      const added = accounts.has(accountId) ? accounts.of(accountId).numbers : [];
      return [...tenants().numbersOf(accountId), ...added];
    },
    kindOf(id: string) {
      if (tenants().wabaOf(id) !== undefined) return "number";
      return tenants().numbersOf(id).length > 0 ? "account" : state().usedAs(id);
    },
    firstNumber(): string {
      return tenants().firstNumber() ?? sampleNumber;
    },
  };
}
