import type { PropsWithChildren } from "hono/jsx";

import type { Assets } from "../assets/assets.ts";
import type { Html } from "./render.ts";

/** The frame of a page. */
export interface PageProps {
  readonly title: string;
  readonly assets: Assets;
  /** The address of its stream of changes: see `liveAnswer`. Default: the page does not change. */
  readonly live?: string;
  /** Files of its set besides those that every page has: style sheets and browser modules. */
  readonly styles?: readonly string[];
  readonly modules?: readonly string[];
  /** What stands above its main part, such as `Masthead`. */
  readonly header?: Html;
}

/** A whole document: head, skip link, header, main part, and the place where the page announces what happened. */
export function Page(props: PropsWithChildren<PageProps>): Html {
  const { title, assets, live, styles = [], modules = [], header, children } = props;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" type="image/svg+xml" href={assets.href("icon.svg")} />
        {["pages.css", ...styles].map((name) => (
          <link rel="stylesheet" href={assets.href(name)} />
        ))}
        {["page.js", ...modules].map((name) => (
          <script type="module" src={assets.href(name)} />
        ))}
      </head>
      <body data-live={live}>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        {header}
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <div id="announcements" class="announcements" role="status" aria-live="polite" />
      </body>
    </html>
  );
}
