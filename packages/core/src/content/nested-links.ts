import type { z } from "zod";

import type { MessageType } from "./content.ts";
import { mediaLink } from "./link.ts";
import { errorMap } from "./error-map.ts";

/** The types whose objects may contain media in unknown kinds and fields. */
const mayNestMedia: ReadonlySet<MessageType> = new Set(["interactive", "template"]);

/** The caller's own data for a flow. WhatsApp fetches no link in it. */
const flowData: ReadonlySet<string> = new Set(["flow_action_payload", "flow_action_data"]);

/** Field names that a problem may quote. */
const plainName = /^[a-z0-9_]{1,64}$/;

export type Issue = Pick<z.core.$ZodIssue, "path" | "message">;

/** The problems of links in unknown kinds and fields, which no schema checks. WhatsApp fetches every `link` in Meta's objects. */
export function nestedLinkIssues(type: MessageType, object: unknown): readonly Issue[] {
  return mayNestMedia.has(type) ? issuesIn(object, []) : [];
}

function issuesIn(value: unknown, path: readonly (string | number)[]): readonly Issue[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => issuesIn(item, [...path, at]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]): readonly Issue[] => {
    if (flowData.has(key)) return [];
    const place = [...path, key];
    if (key !== "link" || typeof member !== "string") return issuesIn(member, place);
    const [issue] = mediaLink().safeParse(member, { error: errorMap }).error?.issues ?? [];
    return issue ? [{ path: quotable(place), message: issue.message }] : [];
  });
}

/** The path up to the first name that does not look like one of Meta's and must not be quoted. */
function quotable(path: readonly (string | number)[]): (string | number)[] {
  const firstForeign = path.findIndex((step) => typeof step === "string" && !plainName.test(step));
  return firstForeign === -1 ? [...path] : path.slice(0, firstForeign);
}
