/** What must not be found, and what it is. */
export interface Planted {
  readonly name: string;
  readonly value: string;
}

/** Which of the planted values a text contains: in clear, encoded, or with other characters between theirs. */
export function tracesOf(planted: readonly Planted[], text: string): readonly string[] {
  const dense = denseOf(text);
  return planted.flatMap(({ name, value }) =>
    spellings(value).some((spelled) => dense.includes(denseOf(spelled))) ? [name] : [],
  );
}

function spellings(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [
    value,
    encodeURIComponent(value),
    bytes.toString("hex"),
    ...[0, 1, 2].map((offset) => base64At(bytes, offset)),
  ];
}

/** The base64 digits that depend on the value alone, if it begins `offset` bytes after a group of three. */
function base64At(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64url");
  return text.slice(offset === 0 ? 0 : offset + 1, (offset + bytes.length) % 3 === 0 ? undefined : -1);
}

/** Letters and digits alone: what is split over lines, or escaped between, is found too. */
function denseOf(text: string): string {
  return text
    .replace(/\\[nrt]/g, "")
    .replace(/[^A-Za-z0-9]/g, "")
    .toLowerCase();
}
