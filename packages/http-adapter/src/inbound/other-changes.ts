import { elementsOf, membersOf, type SourceMember } from "./json-source.ts";

/**
 * What a webhook says beside the statuses of messages: each of its other changes as a webhook of its own, character for
 * character as it was written. Numbers of any length, escapes and fields that nobody knows yet stay what they are.
 */
export function otherChanges(text: string): readonly string[] {
  const payload = membersOf(text.trim());
  const object = payload.findLast(({ key }) => key === "object");
  return elementsOf(valueOf(payload, "entry")).flatMap((entry) => {
    const members = membersOf(entry);
    return elementsOf(valueOf(members, "changes"))
      .filter(isOther)
      .map((change) => webhookOf(object, members, change));
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

function webhookOf(object: SourceMember | undefined, entry: readonly SourceMember[], change: string): string {
  const own = entry.filter(({ key }) => key !== "changes").map(({ source }) => source);
  const alone = `"entry":[{${[...own, `"changes":[${change}]`].join(",")}}]`;
  return `{${object ? `${object.source},` : ""}${alone}}`;
}

/** Of a key that comes twice the last one counts, as for `JSON.parse`; "" where there is none. */
function valueOf(members: readonly SourceMember[], key: string): string {
  return members.findLast((member) => member.key === key)?.value ?? "";
}
