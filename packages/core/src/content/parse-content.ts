import { err, ok, type Result } from "neverthrow";

import { asChecked, isChecked } from "./checked.ts";
import { contentSchemas } from "./content-schemas.ts";
import type { Content, MessageType } from "./content.ts";
import { fieldsOf } from "./cross-field.ts";
import { errorMap } from "./error-map.ts";
import { copyJson } from "./json.ts";
import { type Issue, nestedLinkIssues } from "./nested-links.ts";
import { plainTextOf } from "./text.ts";

/** What is wrong with a field, and the path of the field. `detail` ends a sentence that begins with the field's name. */
export interface ContentProblem {
  readonly path: readonly (string | number)[];
  readonly detail: string;
}

/** Meta's `type` of each message that can be sent. */
export const messageTypes = Object.keys(contentSchemas) as readonly MessageType[];

/** Each of ten thousand items may have a problem. */
const maxProblems = 20;

/**
 * Checks Meta's `type` and the object under that key against Meta's documented limits. The result is a frozen copy of the
 * object, unknown fields included, with two changes: a field that is null is left out, and `\r\n` in a text becomes `\n`. A
 * sender does not check it again.
 */
export function parseContent(type: unknown, object: unknown): Result<Content, readonly ContentProblem[]> {
  if (!isMessageType(type)) {
    return err([{ path: ["type"], detail: `must be one of the message types: ${messageTypes.join(", ")}` }]);
  }
  const plainText = type === "text" ? plainTextOf(object) : undefined;
  if (plainText) return ok(asChecked({ type: "text", text: plainText }));
  const faults = new Set<string>();
  const copied = copyJson(object ?? undefined, faults);
  const issues = contentSchemas[type]().safeParse(copied, { error: errorMap }).error?.issues ?? [];
  const problems = problemsOf(type, [...issues, ...nestedLinkIssues(type, copied)]);
  if (problems.length > 0) return err(problems);
  // The path is left out, since it would quote the names of unknown fields.
  const [fault] = faults;
  if (fault !== undefined) return err([{ path: [type], detail: fault }]);
  return ok(asChecked({ type, [type]: copied }) as unknown as Content);
}

/** Checks a value that claims to be a content. One that `parseContent` returned is not checked again. */
export function checkContent(given: unknown): Result<Content, readonly ContentProblem[]> {
  if (isChecked(given)) return ok(given as Content);
  const fields = fieldsOf(given);
  const { type } = fields;
  return parseContent(type, typeof type === "string" ? fields[type] : undefined);
}

function isMessageType(type: unknown): type is MessageType {
  return typeof type === "string" && Object.hasOwn(contentSchemas, type);
}

/** The first problem of each path: a value that is not an array cannot also have too many items. */
function problemsOf(type: MessageType, issues: readonly Issue[]): readonly ContentProblem[] {
  const problems = new Map<string, ContentProblem>();
  for (const issue of issues) {
    const path = [type, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
    const key = JSON.stringify(path);
    if (!problems.has(key)) problems.set(key, { path, detail: issue.message });
    if (problems.size === maxProblems) break;
  }
  return [...problems.values()];
}
