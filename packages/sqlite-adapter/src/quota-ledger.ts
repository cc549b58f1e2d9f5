import type { QuotaLedger } from "@message-sender/core";

import type { GroupCommit } from "./group-commit.ts";

export function createSqliteQuotaLedger({ call }: GroupCommit): QuotaLedger {
  return {
    open: ({ id, tenantId, granted, expiresAt }) => call("openBlock", id, tenantId, granted, expiresAt.getTime()),
    unsettled: () =>
      call("unsettled").map((rows) =>
        rows.map(([id, tenantId, granted, expiresAt, used]) => ({
          block: { id, tenantId, granted, expiresAt: new Date(expiresAt) },
          used,
        })),
      ),
    close: ({ id }) => call("closeBlock", id),
  };
}
