import type { Html, Regions, RenderedRegion } from "@message-sender/pages";

/** One of the page's places: what changes in it, and what stands around that. */
export interface View {
  readonly title: string;
  regions(): Regions;
  body(rendered: Readonly<Record<string, RenderedRegion>>): Html;
  /** Whether it changes with time alone. */
  readonly ticks?: boolean;
}
