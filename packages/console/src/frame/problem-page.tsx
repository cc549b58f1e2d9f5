import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

import type { ConsoleContext } from "../console-context.ts";
import { showPage } from "./show-page.tsx";

/** Why there is no page. */
export interface PageProblem {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
}

export const notFound: PageProblem = {
  status: 404,
  title: "Not found",
  detail: "There is nothing here that you may see. It may have been forgotten, or belong to another tenant.",
};

/** Answers with the reason, in the form that was asked for: a page, or a sentence for the page's script. */
export function showProblem(c: Context<ConsoleContext>, problem: PageProblem): Response | Promise<Response> {
  const { status, title, detail } = problem;
  if (c.req.header("accept")?.includes("application/json")) return c.json({ says: `${title}: ${detail}` }, status);
  const content = (
    <div class="column narrow">
      <section class="panel">
        <h1>{title}</h1>
        <p>{detail}</p>
        <p>
          <a href="/console">Back to the console</a>
        </p>
      </section>
    </div>
  );
  return showPage(c, { title, status, content });
}
