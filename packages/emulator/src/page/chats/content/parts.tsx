import type { Html } from "@message-sender/pages";

export type Fields = Readonly<Record<string, unknown>>;

/** The object of a field, or one without fields. */
export function fieldsOf(value: unknown, name: string): Fields {
  const own = typeof value === "object" && value !== null ? (value as Fields)[name] : undefined;
  return typeof own === "object" && own !== null && !Array.isArray(own) ? (own as Fields) : {};
}

/** The objects in a list. */
export function listOf(value: unknown, name: string): readonly Fields[] {
  const own = typeof value === "object" && value !== null ? (value as Fields)[name] : undefined;
  return Array.isArray(own) ? own.filter((one): one is Fields => typeof one === "object" && one !== null) : [];
}

/** A text or a number as text; undefined: it is neither, or empty. */
export function textOf(value: unknown, name: string): string | undefined {
  const own = typeof value === "object" && value !== null ? (value as Fields)[name] : undefined;
  if (typeof own === "number") return String(own);
  return typeof own === "string" && own !== "" ? own : undefined;
}

const mark =
  /(```[^`]+```|(?<!\w)\*[^*\n]+\*(?!\w)|(?<!\w)_[^_\n]+_(?!\w)|(?<!\w)~[^~\n]+~(?!\w)|https?:\/\/[^\s<>"']+)/;

/** A text with WhatsApp's marks for bold, italic, struck and fixed letters, and with links. */
export function Marked({ text }: { text: string }): Html {
  return <>{text.split(mark).map((part, at) => (at % 2 === 0 ? part : <Mark part={part} />))}</>;
}

function Mark({ part }: { part: string }): Html {
  if (part.startsWith("http")) return <Link href={part}>{part}</Link>;
  if (part.startsWith("```")) return <code>{part.slice(3, -3)}</code>;
  const inner = <Marked text={part.slice(1, -1)} />;
  if (part.startsWith("*")) return <strong>{inner}</strong>;
  return part.startsWith("_") ? <em>{inner}</em> : <s>{inner}</s>;
}

/** Leads away only where it is a web address, and tells nobody from where. */
export function Link({ href, children }: { href: string; children: string }): Html {
  if (!/^https?:\/\//i.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}
