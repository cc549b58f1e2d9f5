import type { IncomingHttpHeaders } from "node:http";

import type { Usage } from "@message-sender/core";
import { z } from "zod";

// Meta, "Graph API: Rate Limits". The headers are there once an app has made enough calls, and in most answers they are not.

const count = z.number().min(0).optional().catch(undefined);
const counts = { call_count: count, total_time: count, total_cputime: count };
const appSchema = z.object(counts);
const businessSchema = z.object({ ...counts, type: z.string(), estimated_time_to_regain_access: count });

const mostBusinesses = 32;
const mostUseCases = 32;
const highestPercent = 1000;
const minuteMs = 60_000;

/** How much of its limits WhatsApp says is used up; undefined where it says nothing that can be read. */
export function parseUsage(headers: Readonly<IncomingHttpHeaders>): readonly Usage[] | undefined {
  const app = headers["x-app-usage"];
  const business = headers["x-business-use-case-usage"];
  if (app === undefined && business === undefined) return undefined;
  const usage = [...usageOfApp(parseJson(app)), ...usageOfBusinesses(parseJson(business))];
  return usage.length > 0 ? usage : undefined;
}

function usageOfApp(value: unknown): readonly Usage[] {
  const parsed = appSchema.safeParse(value);
  return parsed.success ? [{ scope: "app", percent: percentOf(parsed.data) }] : [];
}

/** Of each WhatsApp account and use case; those of Meta's other products have limits of their own. */
function usageOfBusinesses(value: unknown): readonly Usage[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value)
    .slice(0, mostBusinesses)
    .flatMap((useCases: unknown) => (Array.isArray(useCases) ? useCases.slice(0, mostUseCases) : []))
    .flatMap((useCase: unknown): readonly Usage[] => {
      const parsed = businessSchema.safeParse(useCase);
      if (!parsed.success || !parsed.data.type.startsWith("whatsapp")) return [];
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
