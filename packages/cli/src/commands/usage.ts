import { exitCode } from "@message-sender/server/process";
import { z } from "zod";

import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { printLine, printProblem } from "../print.ts";
import { printAnswer, printFailure } from "../print-answer.ts";
import { queryPath } from "../api/query-path.ts";
import { table } from "../table.ts";

export interface UsageOptions {
  readonly tenant?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json: boolean;
}

const usageSchema = z.object({
  messages: z.number(),
  billable: z.number(),
  counts: z.array(
    z.object({
      day: z.string(),
      message_type: z.string(),
      status: z.string(),
      pricing_category: z.string().nullable(),
      messages: z.number(),
      billable: z.number(),
    }),
  ),
});

/** Prints how many messages were sent, by day, type, status and pricing category. */
export async function usage(server: ApiServer, { tenant, since, until, json }: UsageOptions): Promise<number> {
  const answer = await callApi(server, {
    path: queryPath("/api/v1/usage", { tenant_id: tenant, since, until }),
  });
  if (json) return printAnswer(server, answer);
  if (answer.isErr() || answer.value.status !== 200) return printFailure(server, answer);
  const parsed = usageSchema.safeParse(answer.value.body);
  if (!parsed.success) {
    printProblem("The server's answer is not a usage.");
    return exitCode.failed;
  }
  const { counts, messages, billable } = parsed.data;
  for (const line of table(counts.map(rowOf))) printLine(line);
  printLine(`${messages} messages, ${billable} billable`);
  return exitCode.ok;
}

function rowOf({ day, message_type, status, pricing_category, messages, billable }: Count) {
  return {
    day,
    type: message_type,
    status,
    category: pricing_category ?? "",
    messages: String(messages),
    billable: String(billable),
  };
}

type Count = z.infer<typeof usageSchema>["counts"][number];
