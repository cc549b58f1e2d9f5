import { type Html, Masthead, Page, pageHeaders, type Place, renderHtml } from "@message-sender/pages";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

import type { ConsoleContext } from "../console-context.ts";
import { places, type PlaceName } from "./places.ts";
import { TokenField } from "./token-field.tsx";

/** A page of the console. */
export interface View {
  /** Of the document; the page has its own heading. */
  readonly title: string;
  /** Where it is in the navigation. A page without a place has none: nobody has signed in yet. */
  readonly place?: PlaceName;
  /** The path of its stream of changes. */
  readonly live?: string;
  readonly status?: ContentfulStatusCode;
  /** Files of the console that this page alone needs. */
  readonly modules?: readonly string[];
  readonly styles?: readonly string[];
  readonly content: Html;
}

/** Answers with a page. */
export async function showPage(c: Context<ConsoleContext>, view: View): Promise<Response> {
  const { title, place, live, status = 200, modules = [], styles = [], content } = view;
  const page = (
    <Page
      title={`${title} · Message Sender`}
      assets={c.get("assets")}
      {...(live !== undefined && { live })}
      modules={modules}
      styles={["console.css", ...styles]}
      header={<Top c={c} {...(place && { place })} />}
    >
      {content}
    </Page>
  );
  return c.html(`<!doctype html>${await renderHtml(page)}`, status, pageHeaders);
}

function Top({ c, place }: { c: Context<ConsoleContext>; place?: PlaceName }): Html {
  const visitor = c.get("visitor") as ConsoleContext["Variables"]["visitor"] | undefined;
  const shown: readonly Place[] = visitor
    ? places.map(({ name, ...rest }) => ({ ...rest, isCurrent: name === place }))
    : [];
  return (
    <Masthead product="Message Sender" home="/console" places={shown}>
      {c.get("isSignedIn") && (
        <form method="post" action="/console/sign-out" class="sign-out">
          <TokenField token={c.get("formToken")} />
          <span class="muted">{visitor?.id}</span>
          <button type="submit" class="plain small">
            Sign out
          </button>
        </form>
      )}
    </Masthead>
  );
}
