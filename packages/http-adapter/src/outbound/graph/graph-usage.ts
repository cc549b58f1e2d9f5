import type { IncomingHttpHeaders } from "node:http";

import type { LimitUsage } from "@message-sender/core/adapter";
import { z } from "zod";

// Meta, "Graph API: Rate Limits". Most answers lack these headers: they appear after an app has made enough calls.

const count = z.number().min(0).optional().catch(undefined);
const counts = { call_count: count, total_time: count, total_cputime: count };
const appSchema = z.object(counts);
const businessSchema = z.object({ ...counts, type: z.literal("whatsapp"), estimated_time_to_regain_access: count });

const mostUseCases = 32;
const highestPercent = 1000;
const minuteMs = 60_000;

/**
 * How much of its limits the sender has used, as WhatsApp reports it. Undefined if it reports nothing readable. Limits of other
 * use cases, such as account management, and of other accounts are ignored. If the sender's account is unknown and exactly one
 * account is reported, that one counts. With several accounts it is unclear which limit applies; a limit that is hit says so.
 */
export function parseUsage(
  headers: Readonly<IncomingHttpHeaders>,
  wabaId: string | undefined,
): readonly LimitUsage[] | undefined {
  const app = headers["x-app-usage"];
  const business = headers["x-business-use-case-usage"];
  if (app === undefined && business === undefined) return undefined;
  const usage = [...usageOfApp(parseJson(app)), ...usageOfAccount(parseJson(business), wabaId)];
  return usage.length > 0 ? usage : undefined;
}

function usageOfApp(value: unknown): readonly LimitUsage[] {
  const parsed = appSchema.safeParse(value);
  return parsed.success ? [{ scope: "app", percent: percentOf(parsed.data) }] : [];
}

function usageOfAccount(value: unknown, wabaId: string | undefined): readonly LimitUsage[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const accounts = Object.entries(value)
    .filter(([id]) => wabaId === undefined || id === wabaId)
    .map(([, useCases]) => usageOf(useCases))
    .filter((usage) => usage.length > 0);
  return accounts.length === 1 ? (accounts[0] ?? []) : [];
}

function usageOf(useCases: unknown): readonly LimitUsage[] {
  if (!Array.isArray(useCases)) return [];
  return useCases.slice(0, mostUseCases).flatMap((useCase: unknown): readonly LimitUsage[] => {
    const parsed = businessSchema.safeParse(useCase);
    if (!parsed.success) return [];
    const minutes = parsed.data.estimated_time_to_regain_access ?? 0;
    return [
      {
        scope: "account",
        percent: percentOf(parsed.data),
        ...(minutes > 0 && { regainAfterMs: minutes * minuteMs }),
      },
    ];
  });
}

function percentOf(parts: z.infer<typeof appSchema>): number {
  const { call_count = 0, total_time = 0, total_cputime = 0 } = parts;
  return Math.min(Math.max(call_count, total_time, total_cputime), highestPercent);
}

function parseJson(header: string | readonly string[] | undefined): unknown {
  try {
    return typeof header === "string" ? JSON.parse(header) : undefined;
  } catch {
    return undefined;
  }
}
