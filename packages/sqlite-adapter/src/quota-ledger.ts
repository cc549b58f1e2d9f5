import type { QuotaLedger } from "@message-sender/core/adapter";

import type { GroupCommit } from "./database/group-commit.ts";

export function createQuotaLedger({ call }: GroupCommit): QuotaLedger {
  return {
    request: ({ id, tenantId, amount, ttlMs }) => call("requestBlock", id, tenantId, amount, ttlMs),
    requested: () =>
      call("requestedBlocks").map((rows) =>
        rows.map(([id, tenantId, amount, ttlMs]) => ({ id, tenantId, amount, ttlMs })),
      ),
    withdraw: (requestId) => call("withdrawRequest", requestId),
    open: ({ id, tenantId, granted, expiresAt }, requestId) =>
      call("openBlock", [id, tenantId, granted, expiresAt.getTime()], requestId),
    unsettled: () =>
      call("unsettled").map((rows) =>
        rows.map(([id, tenantId, granted, expiresAt, used, unfinished, isRecounted]) => ({
          block: { id, tenantId, granted, expiresAt: new Date(expiresAt) },
          used,
          unfinished,
          ...(isRecounted === 1 && { isRecounted: true as const }),
        })),
      ),
    close: ({ id }) => call("closeBlock", id),
  };
}
