import { type AssetFile, type Assets, loadAssets, sharedFiles } from "@message-sender/pages";

const files: readonly AssetFile[] = [
  ...sharedFiles,
  {
    name: "console.css",
    from: ["frame", "overview", "messages", "journey"].map(
      (name) => new URL(`../../styles/${name}.css`, import.meta.url),
    ),
  },
  { name: "plots.js", from: new URL("../browser/plots.js", import.meta.url) },
  { name: "uplot.js", from: new URL(import.meta.resolve("uplot/dist/uPlot.esm.js")) },
  { name: "uplot.css", from: new URL(import.meta.resolve("uplot/dist/uPlot.min.css")) },
];

/** What the browser loads, read at the first request. */
export function readConsoleAssets(): Promise<Assets> {
  return loadAssets("/console/assets", files);
}
