import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";

import type { Content, MessageType } from "./content.ts";
import { contactsContent } from "./contacts-schema.ts";
import { interactiveContent } from "./interactive/interactive-schema.ts";
import { copyJson } from "./json.ts";
import { locationContent } from "./location-schema.ts";
import { audioContent, documentContent, imageContent, stickerContent, videoContent } from "./media-schema.ts";
import { type Issue, nestedLinkIssues } from "./nested-links.ts";
import { reactionContent } from "./reaction-schema.ts";
import { templateContent } from "./template/template-schema.ts";
import { textContent } from "./text-schema.ts";
import { wording } from "./error-map.ts";

/** What is wrong with a content, and where in it. */
export interface ContentProblem {
  readonly path: readonly (string | number)[];
  readonly detail: string;
}

const schemas: Readonly<Record<MessageType, z.ZodType>> = {
  text: textContent,
  image: imageContent,
  video: videoContent,
  audio: audioContent,
  document: documentContent,
  sticker: stickerContent,
  location: locationContent,
  contacts: contactsContent,
  reaction: reactionContent,
  interactive: interactiveContent,
  template: templateContent,
};

/** Each of Meta's `type`s that can be sent. */
export const messageTypes = Object.keys(schemas) as readonly MessageType[];

/** One mistake may be in each of ten thousand entries. */
const mostProblems = 20;

/**
 * Checks Meta's `type` and the object that belongs under that key against Meta's documented limits. The object passes with
 * the fields that are not known here, and unchanged but for two things: a field that is null counts as absent, and `\r\n`
 * in a text becomes `\n`.
 */
export function parseContent(type: unknown, object: unknown): Result<Content, readonly ContentProblem[]> {
  if (!isMessageType(type)) {
    return err([{ path: ["type"], detail: `is not one of the message types: ${messageTypes.join(", ")}` }]);
  }
  const faults = new Set<string>();
  const copied = copyJson(object ?? undefined, faults);
  const issues = schemas[type].safeParse(copied, { error: wording }).error?.issues ?? [];
  const problems = problemsOf(type, [...issues, ...nestedLinkIssues(type, copied)]);
  if (problems.length > 0) return err(problems);
  // Where in a field that is not known here is not said: its name would come back.
  const [fault] = faults;
  if (fault !== undefined) return err([{ path: [type], detail: fault }]);
  return ok({ type, [type]: copied } as unknown as Content);
}

function isMessageType(type: unknown): type is MessageType {
  return typeof type === "string" && Object.hasOwn(schemas, type);
}

/** One for each place, the first: what is not an array cannot have too many entries. */
function problemsOf(type: MessageType, issues: readonly Issue[]): readonly ContentProblem[] {
  const problems = new Map<string, ContentProblem>();
  for (const issue of issues) {
    const path = [type, ...issue.path.map((key) => (typeof key === "number" ? key : String(key)))];
    const place = JSON.stringify(path);
    if (!problems.has(place)) problems.set(place, { path, detail: issue.message });
    if (problems.size === mostProblems) break;
  }
  return [...problems.values()];
}
