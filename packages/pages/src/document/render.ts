import type { HtmlEscapedString } from "hono/utils/html";

import { pageHeaders } from "./page-headers.ts";

/** What a component returns. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The text of what a component returned. Whatever was not markup is escaped. */
export async function renderHtml(element: Html): Promise<string> {
  const text: unknown = (await element).toString();
  // An element with an asynchronous part in it becomes a text later.
  return String(await text);
}

/** Answers with a whole page, under the headers of pages. */
export async function pageAnswer(page: Html, init: { readonly status?: number } = {}): Promise<Response> {
  return new Response(`<!doctype html>${await renderHtml(page)}`, { status: init.status ?? 200, headers: pageHeaders });
}
