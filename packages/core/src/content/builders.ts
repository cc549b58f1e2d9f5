import type { Content } from "./content.ts";
import type { Contact } from "./contacts.ts";
import type { Location } from "./location.ts";
import type { Audio, Document, Image, MediaObject, Sticker, Video } from "./media.ts";
import type { Text } from "./text.ts";

/** A text of up to 4,096 characters. */
export function text(body: string, options: Omit<Text, "body"> = {}): Content {
  return { type: "text", text: { body, ...options } };
}

/** A picture, by its `id` or its `link`. */
export function image(image: Image): Content {
  return { type: "image", image };
}

/** A film, by its `id` or its `link`. */
export function video(video: Video): Content {
  return { type: "video", video };
}

/** A sound, by its `id` or its `link`. */
export function audio(audio: Audio): Content {
  return { type: "audio", audio };
}

/** A voice note, by its `id` or its `link`: Opus in Ogg, mono. */
export function voice(media: MediaObject): Content {
  return { type: "audio", audio: { ...media, voice: true } };
}

/** A file, by its `id` or its `link`. */
export function document(document: Document): Content {
  return { type: "document", document };
}

/** A sticker, by its `id` or its `link`. */
export function sticker(sticker: Sticker): Content {
  return { type: "sticker", sticker };
}

/** A place on the map. */
export function location(location: Location): Content {
  return { type: "location", location };
}

/** People and companies for the address book. */
export function contacts(...contacts: readonly Contact[]): Content {
  return { type: "contacts", contacts };
}

/** An emoji on a message. */
export function reaction(message_id: string, emoji: string): Content {
  return { type: "reaction", reaction: { message_id, emoji } };
}

/** Takes back the reaction to a message. */
export function removeReaction(message_id: string): Content {
  return reaction(message_id, "");
}
