import { expect } from "vitest";

import { isIdentifier } from "../../content/identifiers.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Case } from "../contract.ts";
import { oddText } from "../fixtures.ts";
import type { IdsSubject } from "./subject.ts";

export const idsCases: readonly Case<IdsSubject>[] = [
  {
    name: "A new id, unlike any before",
    async run({ ids }) {
      expect(new Set(many(ids)).size).toBe(count);
    },
  },
  {
    name: "A new id for a request to another service, unlike any before",
    async run({ ids }) {
      expect(new Set(Array.from({ length: count }, () => ids.requestId())).size).toBe(count);
    },
  },
  {
    name: "Later ids sort after earlier ones",
    async run({ ids }) {
      const drawn = many(ids);
      expect(drawn.toSorted()).toEqual(drawn);
    },
  },
  {
    name: "Each id is an `Identifier`",
    async run({ ids }) {
      const odd = many(ids).filter((id) => !isIdentifier(id));
      expect(odd.slice(0, 3), "ids that are no `Identifier`").toEqual([]);
    },
  },
  {
    name: "The same text gives the same digest",
    async run({ ids }) {
      for (const text of texts) expect(ids.digest(text)).toBe(ids.digest(text));
    },
  },
  {
    name: "Another text gives another digest",
    async run({ ids }) {
      expect(new Set(texts.map((text) => ids.digest(text))).size).toBe(texts.length);
    },
  },
];

const count = 10_000;
const texts = ["", " ", "a", "A", "aa", "e\u0301", "\u00e9", "__proto__", "x".repeat(100_000), oddText, `${oddText} `];

function many(ids: Ids): string[] {
  return Array.from({ length: count }, () => ids.messageId());
}
