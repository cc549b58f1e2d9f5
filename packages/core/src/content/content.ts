import type { ContactsContent } from "./contacts.ts";
import type { InteractiveContent } from "./interactive/frame.ts";
import type { Interactive } from "./interactive/interactive.ts";
import type { LocationContent } from "./location.ts";
import type { AudioContent, DocumentContent, ImageContent, StickerContent, VideoContent } from "./media.ts";
import type { ReactionContent } from "./reaction.ts";
import type { TemplateContent } from "./template/template.ts";
import type { TextContent } from "./text.ts";

/** What a message says: Meta's `type` and, under the key of that name, Meta's own object. */
export type Content =
  | TextContent
  | ImageContent
  | VideoContent
  | AudioContent
  | DocumentContent
  | StickerContent
  | LocationContent
  | ContactsContent
  | ReactionContent
  | InteractiveContent<Interactive>
  | TemplateContent;

/** Meta's `type` of a message. */
export type MessageType = Content["type"];

/** The content as our API writes it: a plain text as a string, anything else as Meta's own object. */
export function plainContent(content: Content): unknown {
  if (content.type !== "text") return contentObject(content);
  return Object.keys(content.text).length === 1 ? content.text.body : content.text;
}

/** Meta's own object, which stands under the key that `type` names. */
export function contentObject(content: Content): unknown {
  return (content as unknown as Readonly<Record<string, unknown>>)[content.type];
}
