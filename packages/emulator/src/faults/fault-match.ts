import { isRecord } from "../json/records.ts";
import { isSameRecipient } from "./recipients.ts";

/** Which requests a fault applies to. A request must have all that is given. */
export interface FaultMatch {
  /** The recipient; `+`, spaces, dashes and parentheses are ignored. */
  readonly to?: string;
  readonly tenantId?: string;
  readonly phoneNumberId?: string;
  /** Text that occurs anywhere in the message's content. */
  readonly messageIncludes?: string;
}

/** What the path of a request names. */
export interface PathFacts {
  readonly tenantId?: string;
  readonly phoneNumberId?: string;
}

/** Whether the path alone cannot decide. */
export function needsBody(match: FaultMatch, facts: PathFacts): boolean {
  return (
    match.to !== undefined ||
    match.messageIncludes !== undefined ||
    (match.tenantId !== undefined && facts.tenantId === undefined)
  );
}

/** A batch matches when one of its messages does. A request that does not carry a given field does not match. */
export function matches(match: FaultMatch, facts: PathFacts, body: unknown): boolean {
  const messages = isRecord(body) && Array.isArray(body["messages"]) ? body["messages"] : [body];
  return messages.some((message: unknown) => matchesMessage(match, facts, isRecord(message) ? message : {}));
}

function matchesMessage(match: FaultMatch, facts: PathFacts, message: Readonly<Record<string, unknown>>): boolean {
  const { to, tenantId, phoneNumberId, messageIncludes } = match;
  if (tenantId !== undefined && tenantId !== (facts.tenantId ?? message["tenant_id"])) return false;
  if (phoneNumberId !== undefined && phoneNumberId !== facts.phoneNumberId) return false;
  if (to !== undefined && !isSameRecipient(to, message["to"] ?? message["recipient"])) return false;
  if (messageIncludes === undefined) return true;
  return contains(message["message"] ?? message[String(message["type"])], messageIncludes);
}

function contains(content: unknown, text: string): boolean {
  if (typeof content === "string") return content.includes(text);
  return isRecord(content) && Object.values(content).some((part) => contains(part, text));
}
