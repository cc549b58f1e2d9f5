import { elementsOf, membersOf, type SourceMember } from "./json-source.ts";

/** Meta's own is `whatsapp_business_account`. */
const longestObject = 256;
/** An entry's own fields are short; what copies of them may take, all in all. */
const mostCopied = 1024 * 1024;

/**
 * What a webhook says beside the statuses of messages: each of its other changes as a webhook of its own, character for
 * character as it was written. Numbers of any length, escapes and fields that nobody knows yet stay what they are. Where
 * copies of an entry's own fields would be long, its other changes stay together.
 */
export function otherChanges(text: string): readonly string[] {
  const payload = membersOf(text.trim());
  const object = payload.findLast(({ key }) => key === "object");
  if (object && object.source.length > longestObject) return [];
  let copied = 0;
  return elementsOf(valueOf(payload, "entry")).flatMap((entry) => {
    const members = membersOf(entry);
    const others = elementsOf(valueOf(members, "changes")).filter(isOther);
    const own = members.filter(({ key }) => key !== "changes").map(({ source }) => source);
    const length = own.reduce((sum, source) => sum + source.length, 0) * others.length;
    if (others.length > 1 && copied + length > mostCopied) return webhookOf(object, own, others.join(","));
    copied += length;
    return others.map((change) => webhookOf(object, own, change));
  });
}

/** Since 2026 Meta names the recipient in `contacts` beside most statuses: that says nothing more than they do. */
const statusListParts: ReadonlySet<string> = new Set(["messaging_product", "metadata", "contacts", "statuses"]);

function isOther(change: string): boolean {
  const members = membersOf(change);
  const field: unknown = JSON.parse(valueOf(members, "field") || "null");
  if (typeof field !== "string") return false;
  const value = membersOf(valueOf(members, "value"));
  const isStatusList =
    field === "messages" &&
    valueOf(value, "statuses").startsWith("[") &&
    value.every(({ key }) => statusListParts.has(key));
  return !isStatusList;
}

function webhookOf(object: SourceMember | undefined, own: readonly string[], changes: string): string {
  const entry = `"entry":[{${[...own, `"changes":[${changes}]`].join(",")}}]`;
  return `{${object ? `${object.source},` : ""}${entry}}`;
}

/** Of a key that comes twice the last one counts, as for `JSON.parse`; "" where there is none. */
function valueOf(members: readonly SourceMember[], key: string): string {
  return members.findLast((member) => member.key === key)?.value ?? "";
}
