import type { HistoryEntry } from "@message-sender/core/adapter";
import { type Content, plainContent } from "@message-sender/core/content";

/** A service's error text may quote the message. What it quotes of the recipient and the content becomes `[content]`. */
export function withoutContent<Said extends string | undefined>(
  said: Said,
  { to, content }: Pick<HistoryEntry, "to" | "content">,
): Said {
  if (said === undefined) return said;
  const quoted = [to, to.replace("+", ""), ...textsIn(content)];
  return quoted.filter((text) => text.length >= shortestQuote).reduce(withoutQuote, said) as Said;
}

const shortestQuote = 4;

function withoutQuote(said: string, quote: string): string {
  const asLine = quote.replace(/\s+/g, " ").trim();
  return asLine === "" ? said : said.replaceAll(quote, "[content]").replaceAll(asLine, "[content]");
}

/**
 * Which template it is, and in which language, is in the account and about nobody, as are the names of parts: without them an error
 * says nothing.
 */
function textsIn(content: Content): readonly string[] {
  switch (content.type) {
    case "template":
      return textsOf(content.template.components, namesOfParts);
    case "interactive":
      return textsOf(content.interactive, namesOfParts);
    default:
      return textsOf(plainContent(content));
  }
}

/** Their values are Meta's words, such as `body`, and the names that a template gives to its parameters. */
const namesOfParts: ReadonlySet<string> = new Set(["type", "sub_type", "parameter_name"]);

function textsOf(value: unknown, without?: ReadonlySet<string>): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => (without?.has(name) ? [] : textsOf(each, without)));
}
