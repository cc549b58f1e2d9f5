import type { Rule } from "../facts.ts";
import { holdsUnit } from "../stored-message.ts";

/** The Tenant Service's count is the number of messages that hold a unit, and no block is open. */
export const unitsAgree: Rule = ({ messages, accounts, openBlocks }) => {
  const off = Object.entries(accounts.used).flatMap(([tenantId, used]) => {
    const held = messages.filter(
      (message) => message.request.outlet.tenantId === tenantId && holdsUnit(message),
    ).length;
    const what = `tenant ${tenantId}: ${held} messages hold a unit, but the Tenant Service counts ${used}`;
    return held === used ? [] : [{ rule: "units agree", what, evidence: [{ held, used }] }];
  });
  const open =
    openBlocks.length === 0
      ? []
      : [{ rule: "units agree", what: `${openBlocks.length} blocks are open in the ledger`, evidence: openBlocks }];
  return [...off, ...open];
};
