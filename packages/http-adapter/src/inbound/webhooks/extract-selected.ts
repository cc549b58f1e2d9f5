import { elementsOf, membersOf, type SourceMember } from "./json-source.ts";

/** The parts of a webhook to extract: the whole webhook, or a selection for each entry. */
export type Kept = "whole" | readonly KeptEntry[];
/** For an entry: nothing, the whole entry, or a selection for each change. */
export type KeptEntry = "nothing" | "whole" | readonly KeptChange[];
/** For a change: nothing, the whole change, or the statuses with these indices. */
export type KeptChange = "nothing" | "whole" | { readonly statuses: ReadonlySet<number> };

/** Meta's own is `whatsapp_business_account`. */
const longestObject = 256;
/** Limit on the total size of the copies of entries' own fields, which are usually short. */
const mostCopied = 1024 * 1024;

/**
 * Extracts the selected parts from the text of a webhook, each change as a webhook of its own, in its original text: numbers of
 * any length, escapes and unknown fields stay as they are. If copies of an entry's own fields would be too long, its changes stay
 * together. `text` must be valid JSON.
 */
export function extractSelected(text: string, kept: Kept): readonly string[] {
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

/** The last value of a key, as `JSON.parse` chooses. "" if there is none. */
function valueOf(members: readonly SourceMember[], key: string): string {
  return members.findLast((member) => member.key === key)?.value ?? "";
}
