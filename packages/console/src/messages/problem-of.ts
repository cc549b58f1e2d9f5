import type { PageProblem } from "../frame/problem-page.tsx";
import type { FindError } from "./find-messages.ts";

/** What a page says of an error of the sender. */
export function problemOf(error: FindError): PageProblem {
  if (error.kind === "Unavailable")
    return {
      status: 503,
      title: "The store is unavailable",
      detail: "Messages cannot be looked up now. Reload the page in a moment.",
    };
  const detail = error.problems.map(({ path, detail: why }) => `${path.join(".")} ${why}`).join("; ");
  return { status: 400, title: "This cannot be looked for", detail };
}
