import type { HistoryEntry } from "@message-sender/core/adapter";
import { plainContent } from "@message-sender/core/content";

/** A service's error text may quote the message. What it quotes of the recipient and the content becomes `[content]`. */
export function withoutContent<Said extends string | undefined>(
  said: Said,
  { to, content }: Pick<HistoryEntry, "to" | "content">,
): Said {
  if (said === undefined) return said;
  const quoted = [to, to.replace("+", ""), ...textsOf(plainContent(content))];
  return quoted.filter((text) => text.length >= shortestQuote).reduce(withoutQuote, said) as Said;
}

const shortestQuote = 4;

function withoutQuote(said: string, quote: string): string {
  const asLine = quote.replace(/\s+/g, " ").trim();
  return asLine === "" ? said : said.replaceAll(quote, "[content]").replaceAll(asLine, "[content]");
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
