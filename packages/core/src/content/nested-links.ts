import type { z } from "zod";

import type { MessageType } from "./content.ts";
import { mediaLink } from "./link.ts";
import { wording } from "./error-map.ts";

/** The types whose objects may hold media of kinds that are not known here. */
const holders: ReadonlySet<MessageType> = new Set(["interactive", "template"]);

/** The caller's own data for a flow: WhatsApp fetches none of its links. */
const callersOwn: ReadonlySet<string> = new Set(["flow_action_payload", "flow_action_data"]);

/** Names that a problem may quote. */
const plainName = /^[a-z0-9_]{1,64}$/;

/** What is wrong, and where. */
export type Issue = Pick<z.core.$ZodIssue, "path" | "message">;

/**
 * What is wrong with the links that no schema has looked at, in kinds and fields that are not known here: wherever Meta's
 * objects have a `link`, WhatsApp fetches it.
 */
export function nestedLinkIssues(type: MessageType, object: unknown): readonly Issue[] {
  return holders.has(type) ? issuesIn(object, []) : [];
}

function issuesIn(value: unknown, path: readonly (string | number)[]): readonly Issue[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => issuesIn(item, [...path, at]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]): readonly Issue[] => {
    if (callersOwn.has(key)) return [];
    const place = [...path, key];
    if (key !== "link" || typeof member !== "string") return issuesIn(member, place);
    const [issue] = mediaLink.safeParse(member, { error: wording }).error?.issues ?? [];
    return issue ? [{ path: speakable(place), message: issue.message }] : [];
  });
}

/** The path up to the first name that does not look like Meta's, which must not be quoted. */
function speakable(path: readonly (string | number)[]): (string | number)[] {
  const odd = path.findIndex((step) => typeof step === "string" && !plainName.test(step));
  return odd === -1 ? [...path] : path.slice(0, odd);
}
