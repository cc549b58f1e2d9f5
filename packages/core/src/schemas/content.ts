import { err, ok, type Result } from "neverthrow";
import type { z } from "zod";

import type { Content } from "../domain/content.ts";
import { textContent } from "./text.ts";

/** What is wrong with a content, and where in it. */
export interface ContentProblem {
  readonly path: readonly (string | number)[];
  readonly detail: string;
}

const schemas = { text: textContent };

/** Checks Meta's `type` and the object that belongs under that key against Meta's documented limits. */
export function parseContent(type: unknown, object: unknown): Result<Content, readonly ContentProblem[]> {
  if (typeof type !== "string" || !Object.hasOwn(schemas, type)) {
    return err([{ path: ["type"], detail: `is not one of the message types: ${Object.keys(schemas).join(", ")}` }]);
  }
  const parsed = schemas[type as keyof typeof schemas].safeParse(object);
  if (!parsed.success) {
    return err(
      parsed.error.issues.map((issue) => ({ path: [type, ...issue.path.map(segment)], detail: detailOf(issue) })),
    );
  }
  return ok({ type, [type]: parsed.data } as unknown as Content);
}

function segment(key: PropertyKey): string | number {
  return typeof key === "number" ? key : String(key);
}

/** Never holds what was in the input: zod's own words would name an unknown key. */
function detailOf(issue: z.core.$ZodIssue): string {
  return issue.code === "unrecognized_keys" ? "has a field that is not known here" : issue.message;
}
