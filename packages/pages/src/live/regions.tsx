import { createHash } from "node:crypto";

import { raw } from "hono/html";

import { type Html, renderHtml } from "../document/render.ts";

/** Parts of a page that change while it is open, by name. */
export type Regions = Readonly<Record<string, Html>>;

/** A part as text, with a version that changes with it. */
export interface RenderedRegion {
  readonly name: string;
  readonly html: string;
  readonly version: string;
}

/** Renders the regions once: for the page, or for its stream of changes. */
export async function renderRegions<Name extends string>(
  regions: Readonly<Record<Name, Html>>,
): Promise<Readonly<Record<Name, RenderedRegion>>> {
  const rendered = await Promise.all(
    Object.entries<Html>(regions).map(async ([name, element]) => {
      const html = await renderHtml(element);
      const version = createHash("sha256").update(html).digest("base64url").slice(0, 12);
      return [name, { name, html, version }] as const;
    }),
  );
  return Object.fromEntries(rendered) as Record<Name, RenderedRegion>;
}

/** The place of a region in the page. */
export function Region({ of, class: className }: { of: RenderedRegion; class?: string }): Html {
  return (
    <div data-region={of.name} data-version={of.version} class={className}>
      {raw(of.html)}
    </div>
  );
}
