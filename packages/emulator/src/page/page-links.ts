/** A link to something beside the emulator. */
export interface PageLink {
  readonly label: string;
  readonly href: string;
}

/** The links at the top of the page. */
export interface PageLinks {
  /** Adds one, for as long as the sandbox lives. */
  add(link: PageLink): void;
}
