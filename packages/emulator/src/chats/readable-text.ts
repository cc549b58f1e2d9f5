import { isRecord } from "../json/records.ts";

/** Fields whose texts people do not read: names of things, addresses of files, what a program gets back. */
const unread: ReadonlySet<string> = new Set([
  "id",
  "type",
  "sub_type",
  "payload",
  "message_id",
  "link",
  "language",
  "index",
  "context",
  "sha256",
  "mime_type",
  "messaging_product",
  "recipient_type",
  "biz_opaque_callback_data",
]);

/** What a person reads in a message of this type, line by line. */
export function readableText(type: string, content: Readonly<Record<string, unknown>>): string {
  return linesOf(content[type]).join("\n");
}

function linesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(linesOf);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, part]) => (unread.has(name) ? [] : linesOf(part)));
}
