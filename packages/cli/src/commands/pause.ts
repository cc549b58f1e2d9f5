import { callApi } from "../api/client.ts";
import type { ApiServer } from "../api/server.ts";
import { printAnswer } from "../print-answer.ts";

export interface PauseOptions {
  readonly tenant?: string;
  readonly outlet?: string;
  readonly number?: string;
  /** A name, or a name and a language: `order_ready:en_US`. */
  readonly template?: string;
  readonly until?: string;
  readonly reason?: string;
  /** Shows what is paused, and pauses nothing. */
  readonly list: boolean;
}

/** Pauses sending, or shows what is paused. */
export async function pause(server: ApiServer, options: PauseOptions): Promise<number> {
  const path = "/api/v1/pauses";
  if (options.list) return printAnswer(server, await callApi(server, { path }));
  const { tenant, outlet, number, template, until, reason } = options;
  const [name, language] = template?.split(":") ?? [];
  const body = {
    tenant_id: tenant,
    outlet_id: outlet,
    phone_number_id: number,
    template: name === undefined ? undefined : { name, language },
    until,
    reason,
  };
  return printAnswer(server, await callApi(server, { path, body }));
}

/** Ends a pause, and prints it. */
export async function resume(server: ApiServer, pauseId: string): Promise<number> {
  const path = `/api/v1/pauses/${encodeURIComponent(pauseId)}`;
  return printAnswer(server, await callApi(server, { path, method: "DELETE" }));
}
