import { isRecord } from "../../json/records.ts";
import { allOf, badParameter, badValue, boolean, nonEmptyText, object, optional, type Rule, text } from "./rules.ts";

const source: Rule = (value, at) => {
  const { id, link } = isRecord(value) ? value : {};
  if (id === undefined && link === undefined) {
    return { code: 131008, details: `One of ${at}['id'] or ${at}['link'] is mandatory.` };
  }
  if (id !== undefined && link !== undefined) return badValue(`${at} has both an id and a link.`);
  if (id !== undefined) return nonEmptyText()(id, `${at}['id']`);
  return typeof link === "string" && URL.canParse(link) && /^https?:/i.test(link)
    ? undefined
    : badParameter(`Param ${at}['link'] is not a valid URI.`);
};

const mediaObject = allOf(object(), source);
const caption = optional(text(1024));
const withCaption = object({ caption });

export const imageObject = allOf(mediaObject, withCaption);
export const videoObject = allOf(mediaObject, withCaption);
export const stickerObject = mediaObject;
export const audioObject = allOf(
  mediaObject,
  object({ voice: optional(boolean), caption: unexpected("caption", "audio") }),
);
export const documentObject = allOf(mediaObject, object({ caption, filename: optional(text()) }));

/** A key that Graph does not take here. */
function unexpected(key: string, param: string): Rule {
  return (value) => (value === undefined ? undefined : badParameter(`Unexpected key "${key}" on param "${param}".`));
}

/** Every media id in a message, with its parameter's path. */
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
