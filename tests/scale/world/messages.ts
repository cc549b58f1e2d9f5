export interface Outlet {
  readonly tenantId: string;
  readonly outletId: string;
}

/** A message that a run wants to send. */
export interface Order extends Outlet {
  readonly to: string;
  /** Its place among those of its outlet. The text says it, so that WhatsApp can tell the order. */
  readonly place: number;
  readonly key: string;
  /** Default: at once. */
  readonly scheduledAt?: Date;
}

export function outletsOf(tenantId: string, count: number): readonly Outlet[] {
  return Array.from({ length: count }, (_, index) => ({ tenantId, outletId: `outlet-${index}` }));
}

/** Several messages go to each recipient, far apart. The limit of a pair, one message in 6 s after a few at once, must not count here. */
const ofEachRecipient = 3;

/** `count` messages, one outlet's after another's in turn, each outlet's to its own recipients. */
export function campaign(outlets: readonly Outlet[], count: number, name = "campaign"): readonly Order[] {
  const ofOutlet = Math.ceil(count / outlets.length);
  const recipients = Math.ceil(ofOutlet / ofEachRecipient);
  return Array.from({ length: count }, (_, index) => {
    const outlet = outlets[index % outlets.length] ?? { tenantId: "", outletId: "" };
    const place = Math.floor(index / outlets.length);
    const to = `+62${String(index % outlets.length).padStart(5, "1")}${String(place % recipients).padStart(6, "0")}`;
    return { ...outlet, to, place, key: `${name}-${outlet.tenantId}-${index}` };
  });
}

/** The body of the request to the API. */
export function bodyOf({ tenantId, outletId, to, place, key, scheduledAt }: Order): object {
  return {
    tenant_id: tenantId,
    outlet_id: outletId,
    conversation_id: `conversation-${outletId}-${to.slice(1)}`,
    to,
    message: String(place),
    message_type: "text",
    idempotency_key: key,
    ttl_seconds: 86_400,
    ...(scheduledAt && { scheduled_at: scheduledAt.toISOString() }),
  };
}
