const ofTexts = 25;

interface Writer {
  int32(value: number): void;
  /** A text, after its length. */
  sized(text: string): void;
}

/**
 * A `text[]` in PostgreSQL's binary format (`array_recv` in its sources). As an array literal, each quotation mark of a document would be
 * escaped by us and unescaped by PostgreSQL.
 */
export class TextArray {
  readonly #texts: readonly string[];

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  write({ int32, sized }: Writer): void {
    const hasNulls = 0;
    const isEmpty = this.#texts.length === 0;
    for (const value of [isEmpty ? 0 : 1, hasNulls, ofTexts]) int32(value);
    if (isEmpty) return;
    const firstIndex = 1;
    for (const value of [this.#texts.length, firstIndex]) int32(value);
    for (const text of this.#texts) sized(text);
  }
}

export function textArray(texts: readonly string[]): TextArray {
  return new TextArray(texts);
}
