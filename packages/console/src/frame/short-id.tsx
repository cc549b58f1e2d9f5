import type { Html } from "@message-sender/pages";

const longest = 20;

/** An id in a narrow place: of a long one its beginning and end, and all of it where the pointer rests. */
export function ShortId({ of }: { of: string }): Html {
  return of.length <= longest ? <span>{of}</span> : <span title={of}>{`${of.slice(0, 8)}…${of.slice(-4)}`}</span>;
}
