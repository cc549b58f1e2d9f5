import { isRecord } from "../../json/records.ts";
import { all, badParameter, badValue, flag, note, object, optional, type Rule, text } from "./rules.ts";

const source: Rule = (value, at) => {
  const { id, link } = isRecord(value) ? value : {};
  if (id === undefined && link === undefined) {
    return { code: 131008, details: `One of ${at}['id'] and ${at}['link'] is mandatory.` };
  }
  if (id !== undefined && link !== undefined) return badValue(`${at} has both an id and a link.`);
  if (id !== undefined) return text()(id, `${at}['id']`);
  return typeof link === "string" && URL.canParse(link) && /^https?:/i.test(link)
    ? undefined
    : badParameter(`Param ${at}['link'] is not a valid URI.`);
};

const plain = all(object(), source);
const caption = optional(note(1024));
const captioned = object({ caption });

export const image = all(plain, captioned);
export const video = all(plain, captioned);
export const sticker = plain;
export const audio = all(plain, object({ voice: optional(flag) }));
export const document = all(plain, object({ caption, filename: optional(note()) }));

/** Each media id in a message, with where it stands. */
export function mediaIds(value: unknown, at = ""): readonly { readonly id: string; readonly at: string }[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => {
    const here = at === "" ? key : `${at}['${key}']`;
    const own = isMedia(key) && isRecord(part) && typeof part["id"] === "string" ? [{ id: part["id"], at: here }] : [];
    return [...own, ...mediaIds(part, here)];
  });
}

function isMedia(key: string): boolean {
  return ["image", "video", "audio", "document", "sticker"].includes(key);
}
