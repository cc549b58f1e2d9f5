import { z } from "zod";

/** In percent of a limit, as Meta counts. */
interface UsageCounts {
  readonly call_count?: number;
  readonly total_time?: number;
  readonly total_cputime?: number;
}

/** What Graph says of an app's and a business's use of their limits. */
export interface UsageSeed {
  /** In `X-App-Usage`. */
  readonly app?: UsageCounts;
  /** In `X-Business-Use-Case-Usage`; the time to regain access is in minutes. */
  readonly business?: UsageCounts & { readonly type?: string; readonly estimated_time_to_regain_access?: number };
  /** Whose limit of a business it is. Default: the account's of the number. */
  readonly wabaId?: string;
  /** Default: each number. */
  readonly phoneNumberId?: string;
}

const counts = {
  call_count: z.number().min(0).exactOptional(),
  total_time: z.number().min(0).exactOptional(),
  total_cputime: z.number().min(0).exactOptional(),
};

export const usageSchema: z.ZodType<UsageSeed> = z.strictObject({
  app: z.strictObject(counts).exactOptional(),
  business: z
    .strictObject({
      ...counts,
      type: z.string().exactOptional(),
      estimated_time_to_regain_access: z.number().min(0).exactOptional(),
    })
    .exactOptional(),
  wabaId: z.string().min(1).exactOptional(),
  phoneNumberId: z.string().exactOptional(),
});

/** The headers that Graph's own answers carry; a proxy's carry none. */
export function usageHeaders(usage: UsageSeed | undefined, phoneNumberId: string, wabaId: string) {
  if (!usage || (usage.phoneNumberId !== undefined && usage.phoneNumberId !== phoneNumberId)) return {};
  const { app, business } = usage;
  const none = { call_count: 0, total_cputime: 0, total_time: 0 };
  return {
    ...(app && { "x-app-usage": JSON.stringify({ ...none, ...app }) }),
    ...(business && {
      "x-business-use-case-usage": JSON.stringify({
        [usage.wabaId ?? wabaId]: [{ type: "whatsapp", ...none, estimated_time_to_regain_access: 0, ...business }],
      }),
    }),
  };
}
