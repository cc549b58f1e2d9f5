export interface FaultMatch {
  /** Compared without `+`, spaces, dashes and brackets. */
  readonly to?: string;
  readonly tenantId?: string;
  readonly phoneNumberId?: string;
  /** Somewhere in the message's content. */
  readonly messageIncludes?: string;
}

/** What the path of a request says. */
export interface Facts {
  readonly tenantId?: string;
  readonly phoneNumberId?: string;
}

export function needsBody(match: FaultMatch, facts: Facts): boolean {
  return (
    match.to !== undefined ||
    match.messageIncludes !== undefined ||
    (match.tenantId !== undefined && facts.tenantId === undefined)
  );
}

/** A batch is concerned when one of its messages is. What a service is never told does not match. */
export function concerns(match: FaultMatch, facts: Facts, body: unknown): boolean {
  const messages = isRecord(body) && Array.isArray(body["messages"]) ? body["messages"] : [body];
  return messages.some((message: unknown) => concernsOne(match, facts, isRecord(message) ? message : {}));
}

function concernsOne(match: FaultMatch, facts: Facts, message: Readonly<Record<string, unknown>>): boolean {
  const { to, tenantId, phoneNumberId, messageIncludes } = match;
  if (tenantId !== undefined && tenantId !== (facts.tenantId ?? message["tenant_id"])) return false;
  if (phoneNumberId !== undefined && phoneNumberId !== facts.phoneNumberId) return false;
  if (to !== undefined && plain(to) !== plain(message["to"] ?? message["recipient"])) return false;
  if (messageIncludes === undefined) return true;
  return contains(message["message"] ?? message[String(message["type"])], messageIncludes);
}

function plain(recipient: unknown): string {
  return String(recipient).replace(/[+\-() ]/g, "");
}

function contains(content: unknown, text: string): boolean {
  if (typeof content === "string") return content.includes(text);
  return isRecord(content) && Object.values(content).some((part) => contains(part, text));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
