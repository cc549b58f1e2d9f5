import { type AssetFile, type Assets, loadAssets, sharedFiles } from "@message-sender/pages";

const files: readonly AssetFile[] = [
  ...sharedFiles,
  {
    name: "console.css",
    from: ["frame", "messages", "journey"].map((name) => new URL(`../../styles/${name}.css`, import.meta.url)),
  },
];

/** What the browser loads, read at the first request. */
export function readConsoleAssets(): Promise<Assets> {
  return loadAssets("/console/assets", files);
}
