import { z } from "#zod";

/** Percentages of a limit. */
interface UsageCounts {
  readonly call_count?: number;
  readonly total_time?: number;
  readonly total_cputime?: number;
}

/** The usage headers of Graph's answers. */
export interface UsageSeed {
  /** `X-App-Usage`. Default: no such header. */
  readonly app?: UsageCounts;
  /** `X-Business-Use-Case-Usage`. The time to regain access is in minutes. Default: no such header. */
  readonly business?: UsageCounts & { readonly type?: string; readonly estimated_time_to_regain_access?: number };
  /** The WABA whose usage is reported. Default: the sending number's. */
  readonly wabaId?: string;
  /** The number whose answers have the headers. Default: every number. */
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

/** The headers of Graph's own answers; a proxy's answers do not have them. */
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
