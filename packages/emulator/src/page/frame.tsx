import { type Assets, type Html, Masthead, Page, type RenderedRegion } from "@message-sender/pages";

import type { PageLink } from "./page-links.ts";
import { pagePath, viewHref } from "./paths.ts";
import type { View } from "./view.ts";

const places: readonly (readonly [view: string, label: string])[] = [
  ["chats", "Chats"],
  ["templates", "Templates"],
  ["faults", "Faults"],
  ["limits", "Limits"],
  ["webhooks", "Webhooks"],
  ["requests", "Requests"],
  ["sandbox", "Sandbox"],
];

interface FrameProps {
  readonly view: View;
  /** Which of the places it is. */
  readonly name: string;
  /** As it was asked for: the stream shows the same. */
  readonly search: string;
  readonly rendered: Readonly<Record<string, RenderedRegion>>;
  readonly assets: Assets;
  readonly links: readonly PageLink[];
}

/** The page around a view. */
export function Frame({ view, name, search, rendered, assets, links }: FrameProps): Html {
  const header = (
    <Masthead
      product="WhatsApp emulator"
      home="/"
      places={places.map(([own, label]) => ({ href: viewHref(own), label, isCurrent: own === name }))}
    >
      {links.map(({ label, href }) => (
        <a href={href}>{label}</a>
      ))}
    </Masthead>
  );
  return (
    <Page
      title={`${view.title} · WhatsApp emulator`}
      assets={assets}
      live={`${pagePath}/live${search}`}
      styles={["emulator.css"]}
      modules={["emulator.js"]}
      header={header}
    >
      {view.body(rendered)}
    </Page>
  );
}
