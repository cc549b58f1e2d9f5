/** Which messages a number on a page stands for, in the words of the list's filters. */
export interface MessagesLink {
  readonly tenantId?: string;
  readonly outletId?: string;
  readonly status?: string;
  readonly since?: Date;
}

/** The page that lists these messages. */
export function messagesHref({ tenantId, outletId, status, since }: MessagesLink = {}): string {
  const query = new URLSearchParams();
  if (tenantId !== undefined) query.set("tenant", tenantId);
  if (outletId !== undefined) query.set("outlet", outletId);
  if (status !== undefined) query.set("status", status);
  if (since) query.set("since", since.toISOString());
  return query.size === 0 ? "/console/messages" : `/console/messages?${query.toString()}`;
}

/** The page of a message, or one below it, such as `confirm`. */
export function messageHref({ id }: { readonly id: string }, page?: string): string {
  return `/console/messages/${encodeURIComponent(id)}${page === undefined ? "" : `/${page}`}`;
}

/** The page of a tenant. */
export function tenantHref(tenantId: string): string {
  return `/console/tenants/${encodeURIComponent(tenantId)}`;
}

/** The place of a number in the list of numbers. */
export function numberHref(phoneNumberId: string): string {
  return `/console/tenants#number-${phoneNumberId}`;
}
