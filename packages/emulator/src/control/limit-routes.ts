import { z } from "zod";

import { limitUse, type LimitUseDeps } from "./limit-use.ts";
import { type ControlRoute, route } from "./routes/route.ts";

const at = z.number().describe("Milliseconds since the epoch.");
const phoneNumberId = z.string();

const useShape = z.object({
  numbers: z.array(
    z.object({
      phoneNumberId,
      lastSecond: z.int().describe("Messages that count within the last second; 0 without a limit."),
      perSecond: z.int().describe("Absent: as many as it likes.").optional(),
    }),
  ),
  pairs: z.array(
    z.object({
      phoneNumberId,
      customer: z.string(),
      windowEnd: at.describe("When the 24-hour window closes or has closed. Absent: they never wrote.").optional(),
      isWindowOpen: z.boolean(),
      hasStoppedMarketing: z.boolean(),
      owed: z
        .object({ messages: z.int(), of: z.int().describe("The largest burst."), paidAt: at })
        .describe("With the pair limit: the messages of the burst, and when each has had its six seconds.")
        .optional(),
    }),
  ),
  tokens: z.array(
    z.object({
      token: z.string().describe("Its first letters."),
      phoneNumberIds: z.array(phoneNumberId),
      expiresAt: at.optional(),
      state: z.enum(["valid", "expired", "revoked"]),
    }),
  ),
});

/** What is left of WhatsApp's limits. */
export function limitRoutes(deps: LimitUseDeps): readonly ControlRoute[] {
  return [
    route({
      method: "GET",
      path: "/limits/use",
      operation: "getLimitUse",
      tag: "WhatsApp",
      summary: "Show how much of the limits is used: throughput, pairs, windows, access tokens",
      answers: { 200: { description: "Of those who wrote to each other.", schema: useShape } },
      handle: () => ({ status: 200, body: limitUse(deps) }),
    }),
  ];
}
