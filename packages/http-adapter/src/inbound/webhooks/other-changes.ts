import { elementsOf, membersOf, type SourceMember } from "./json-source.ts";

/** Which parts of a webhook are to be kept: the whole of it, or by entry, by change and by status. */
export type Kept = "whole" | readonly KeptEntry[];
/** Of an entry: nothing, all of it, or what is kept of each of its changes. */
export type KeptEntry = "nothing" | "whole" | readonly KeptChange[];
/** Of a change: nothing, all of it, or those of its statuses. */
export type KeptChange = "nothing" | "whole" | { readonly statuses: ReadonlySet<number> };

/** Meta's own is `whatsapp_business_account`. */
const longestObject = 256;
/** An entry's own fields are short; what copies of them may take, all in all. */
const mostCopied = 1024 * 1024;

/**
 * Cuts what is to be kept out of a webhook's text: each change as a webhook of its own, character for character as it was
 * written. Numbers of any length, escapes and fields that nobody knows yet stay what they are. Where copies of an entry's own
 * fields would be long, its changes stay together. It is a text that `JSON.parse` takes.
 */
export function cutKept(text: string, kept: Kept): readonly string[] {
  const whole = text.trim();
  if (kept === "whole") return [whole];
  if (kept.every(isNothing)) return [];
  const payload = membersOf(whole);
  const object = payload.findLast(({ key }) => key === "object");
  if (object && object.source.length > longestObject) return [whole];
  let copied = 0;
  return elementsOf(valueOf(payload, "entry")).flatMap((entry, index) => {
    const changes = kept[index] ?? "nothing";
    if (changes === "nothing" || isNothing(changes)) return [];
    if (changes === "whole") return webhookOf(object, entry);
    const members = membersOf(entry);
    const cut = elementsOf(valueOf(members, "changes")).flatMap((change, at) => cutChange(change, changes[at]));
    const own = members.filter(({ key }) => key !== "changes").map(({ source }) => source);
    const length = own.reduce((sum, source) => sum + source.length, 0) * cut.length;
    const entryOf = (list: string): string => `{${[...own, `"changes":[${list}]`].join(",")}}`;
    if (cut.length > 1 && copied + length > mostCopied) return webhookOf(object, entryOf(cut.join(",")));
    copied += length;
    return cut.map((change) => webhookOf(object, entryOf(change)));
  });
}

function isNothing(entry: KeptEntry): boolean {
  return entry === "nothing" || (entry !== "whole" && entry.every((change) => change === "nothing"));
}

function cutChange(change: string, kept: KeptChange = "nothing"): readonly string[] {
  if (kept === "nothing") return [];
  if (kept === "whole") return [change];
  return [withMember(change, "value", (value) => withMember(value, "statuses", (list) => only(list, kept.statuses)))];
}

function only(list: string, indices: ReadonlySet<number>): string {
  return `[${elementsOf(list)
    .filter((_, index) => indices.has(index))
    .join(",")}]`;
}

function withMember(json: string, key: string, change: (value: string) => string): string {
  const members = membersOf(json);
  const changed = members.findLast((member) => member.key === key);
  const sources = members.map((member) =>
    member === changed ? `${JSON.stringify(key)}:${change(member.value)}` : member.source,
  );
  return `{${sources.join(",")}}`;
}

function webhookOf(object: SourceMember | undefined, entry: string): string {
  return `{${object ? `${object.source},` : ""}"entry":[${entry}]}`;
}

/** Of a key that comes twice the last one counts, as for `JSON.parse`; "" where there is none. */
function valueOf(members: readonly SourceMember[], key: string): string {
  return members.findLast((member) => member.key === key)?.value ?? "";
}
