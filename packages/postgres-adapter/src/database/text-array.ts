const ofTexts = 25;

/**
 * A `text[]` in PostgreSQL's binary format (`array_recv` in its sources), which the driver passes on as it is. As text each quotation
 * mark of a document would be escaped, and read back.
 */
export function textArray(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const dimensions = texts.length === 0 ? 0 : 1;
  const buffer = Buffer.allocUnsafe(
    12 + 8 * dimensions + 4 * texts.length + lengths.reduce((sum, one) => sum + one, 0),
  );
  let at = 0;
  const writeInt = (value: number): void => void (at = buffer.writeInt32BE(value, at));
  const hasNulls = 0;
  for (const value of [dimensions, hasNulls, ofTexts]) writeInt(value);
  if (dimensions > 0) for (const value of [texts.length, 1]) writeInt(value);
  for (const [index, text] of texts.entries()) {
    writeInt(lengths[index] ?? 0);
    at += buffer.write(text, at);
  }
  return buffer;
}
