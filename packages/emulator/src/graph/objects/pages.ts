import type { Ask } from "./operation.ts";

interface Page<T> {
  readonly data: readonly T[];
  readonly paging?: {
    readonly cursors: { readonly before: string; readonly after: string };
    readonly next?: string;
    readonly previous?: string;
  };
}

/** The page of a list that the parameters `limit`, `after` and `before` ask for (Graph API, "Paginated results"). */
export function pageOf<T>(
  all: readonly T[],
  { params, url }: Pick<Ask, "params" | "url">,
  keyOf: (item: T) => string,
): Page<T> {
  const size = Math.min(Math.max(0, Math.trunc(Number(params["limit"]))) || 25, 1_000);
  const before = placeOf(all, params["before"], keyOf);
  const after = placeOf(all, params["after"], keyOf);
  const from = before === undefined ? (after?.end ?? 0) : Math.max(0, before.start - size);
  const to = before === undefined ? from + size : before.start;
  const data = all.slice(from, to);
  const [first] = data;
  const last = data.at(-1);
  if (first === undefined || last === undefined) return { data };
  const cursors = { before: cursorOf(from, keyOf(first)), after: cursorOf(from + data.length - 1, keyOf(last)) };
  return {
    data,
    paging: {
      cursors,
      ...(to < all.length && { next: linkTo(url, "after", cursors.after) }),
      ...(from > 0 && { previous: linkTo(url, "before", cursors.before) }),
    },
  };
}

/** A cursor holds an item's key, and its position for when the item is gone. */
function cursorOf(position: number, key: string): string {
  return Buffer.from(`${position}/${key}`).toString("base64url");
}

/** Where the cursor's item begins and ends; both are the same place if the item is gone. */
function placeOf<T>(all: readonly T[], cursor: unknown, keyOf: (item: T) => string) {
  if (typeof cursor !== "string" || cursor === "") return undefined;
  const [, position, key] = /^(\d+)\/(.*)$/s.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (position === undefined) return undefined;
  const found = all.findIndex((item) => keyOf(item) === key);
  return found === -1 ? { start: Number(position), end: Number(position) } : { start: found, end: found + 1 };
}

function linkTo(url: string, name: "after" | "before", cursor: string): string {
  const link = new URL(url);
  link.searchParams.delete("after");
  link.searchParams.delete("before");
  link.searchParams.set(name, cursor);
  return link.href;
}
