import type { WebhookPageQuery, WebhookPosition } from "../ports/store/webhook-inbox.ts";

/** A position is before another if its time is earlier, or the same and its id lower. No webhook has the id "". */
const [earliest, latest] = [new Date("0001-01-01T00:00:00Z"), new Date(8.64e15)];

/** The webhooks of a page of `WebhookInbox.list`: received at `from` or later, and before a position. */
export function listBounds(query: WebhookPageQuery): { readonly from: Date; readonly before: WebhookPosition } {
  const { from, until } = limitsOf(query);
  const { after } = query;
  return { from, before: after && after.receivedAt < until ? after : { receivedAt: until, id: "" } };
}

/** The webhooks of a page of `WebhookInbox.forward`: behind a position, and received before `until`. */
export function forwardBounds(query: WebhookPageQuery): { readonly behind: WebhookPosition; readonly until: Date } {
  const { from, until } = limitsOf(query);
  const { after } = query;
  return { until, behind: after && after.receivedAt >= from ? after : { receivedAt: from, id: "" } };
}

function limitsOf({ since = earliest, until = latest }: WebhookPageQuery) {
  return { from: since > earliest ? since : earliest, until: until < latest ? until : latest };
}
