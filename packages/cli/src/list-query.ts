import { queryPath } from "./api/query-path.ts";

/** The filters of `GET /api/v1/messages`, as options. */
export interface ListFilters {
  readonly tenant?: string;
  readonly outlet?: string;
  readonly conversation?: string;
  readonly status?: string;
  readonly to?: string;
  readonly reference?: string;
  readonly wamid?: string;
  readonly idempotencyKey?: string;
  readonly since?: string;
  readonly until?: string;
}

/** The filters as the API names them. */
export function filterFields(filters: ListFilters): Readonly<Record<string, string | undefined>> {
  const { tenant, outlet, conversation, status, to, reference, wamid, idempotencyKey, since, until } = filters;
  return {
    tenant_id: tenant,
    outlet_id: outlet,
    conversation_id: conversation,
    status,
    to,
    reference,
    whatsapp_message_id: wamid,
    idempotency_key: idempotencyKey,
    since,
    until,
  };
}

/** The path of one page. The server checks the values. */
export function listPath(filters: ListFilters, page: { readonly limit: number; readonly cursor?: string }): string {
  return queryPath("/api/v1/messages", { ...filterFields(filters), limit: String(page.limit), cursor: page.cursor });
}
