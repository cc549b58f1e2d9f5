import type { Contact } from "./contacts.ts";
import type { Interactive } from "./interactive/interactive.ts";
import type { Location } from "./location.ts";
import type { Audio, Document, Image, Sticker, Video } from "./media.ts";
import type { Reaction } from "./reaction.ts";
import type { Template } from "./template/template.ts";
import type { Text } from "./text.ts";

/** Meta's object for each of its message types. */
export interface ContentObjects {
  readonly text: Text;
  readonly image: Image;
  readonly video: Video;
  readonly audio: Audio;
  readonly document: Document;
  readonly sticker: Sticker;
  readonly location: Location;
  readonly contacts: readonly Contact[];
  readonly reaction: Reaction;
  readonly interactive: Interactive;
  readonly template: Template;
}

export type MessageType = keyof ContentObjects;

/** What is sent: Meta's `type` and, under the key of that name, Meta's own object. */
export type Content = {
  readonly [T in MessageType]: { readonly type: T } & { readonly [K in T]: ContentObjects[K] };
}[MessageType];

/** As our API words it: a plain text as a string, otherwise Meta's own object. */
export function plainContent(content: Content): unknown {
  if (content.type !== "text") return contentObject(content);
  return Object.keys(content.text).length === 1 ? content.text.body : content.text;
}

/** Meta's own object, which stands under the key that `type` names. */
export function contentObject(content: Content): unknown {
  return (content as Readonly<Record<string, unknown>>)[content.type];
}
