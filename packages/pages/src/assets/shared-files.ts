import type { AssetFile } from "./assets.ts";

const styles = ["tokens", "base", "layout", "controls", "parts", "chat"];
const modules = ["page", "live", "stream", "morph", "forms", "dialogs", "clipboard", "local-time", "announce"];

/** What every page loads: its `Page` links them. */
export const sharedFiles: readonly AssetFile[] = [
  { name: "pages.css", from: styles.map((name) => new URL(`../../styles/${name}.css`, import.meta.url)) },
  { name: "icon.svg", from: new URL("../../styles/icon.svg", import.meta.url) },
  ...modules.map((name) => ({ name: `${name}.js`, from: new URL(`../browser/${name}.js`, import.meta.url) })),
];
