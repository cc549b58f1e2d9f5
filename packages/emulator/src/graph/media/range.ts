/** The bytes from `from` to `to`, both included. */
interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** What a `Range` header asks for (RFC 9110, 14.2). undefined: all of it, as for a header that is not understood. */
export function rangeOf(header: unknown, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(typeof header === "string" ? header.trim() : "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") return within(Math.max(0, size - Number(last)), size - 1, Number(last) > 0 && size > 0);
  if (last !== "" && Number(last) < Number(first)) return undefined;
  return within(Number(first), last === "" ? size - 1 : Math.min(Number(last), size - 1), Number(first) < size);
}

function within(from: number, to: number, isSatisfiable: boolean): ByteRange | "unsatisfiable" {
  return isSatisfiable ? { from, to } : "unsatisfiable";
}
