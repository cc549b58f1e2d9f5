import { exitCode } from "@message-sender/server/process";
import { z } from "zod";

import { callApi } from "../api/client.ts";
import { queryPath } from "../api/query-path.ts";
import type { ApiServer } from "../api/server.ts";
import { printAnswer, printFailure } from "../print-answer.ts";
import { printLine, printProblem } from "../print.ts";
import { table } from "../table.ts";

export interface QueueOptions {
  readonly tenant?: string;
  readonly limit: number;
  readonly json: boolean;
}

const counts = { depth: z.number(), due: z.number(), oldest_due_seconds: z.number() };

const queueSchema = z.object({
  ...counts,
  lag_seconds: z.number(),
  complete: z.boolean(),
  outlets: z.array(z.object({ tenant_id: z.string(), outlet_id: z.string(), ...counts, reason: z.string() })),
});

/** Shows what waits in the queue, and why. */
export async function queue(server: ApiServer, { tenant, limit, json }: QueueOptions): Promise<number> {
  const path = queryPath("/api/v1/queue", { tenant_id: tenant, limit: String(limit) });
  const answer = await callApi(server, { path });
  if (json) return printAnswer(server, answer);
  if (answer.isErr() || answer.value.status !== 200) return printFailure(server, answer);
  const parsed = queueSchema.safeParse(answer.value.body);
  if (!parsed.success) {
    printProblem("The server's answer does not describe a queue.");
    return exitCode.failed;
  }
  const { depth, due, lag_seconds: lag, complete, outlets } = parsed.data;
  printLine(`${depth} queued, ${due} due, lag ${lag.toFixed(1)} s${complete ? "" : " (at least)"}`);
  const rows = outlets.map(({ tenant_id: tenantId, outlet_id: outletId, oldest_due_seconds: age, ...outlet }) => ({
    tenant: tenantId,
    outlet: outletId,
    queued: String(outlet.depth),
    due: String(outlet.due),
    age: `${age.toFixed(1)} s`,
    why: outlet.reason,
  }));
  for (const line of table(rows)) printLine(line);
  return exitCode.ok;
}
