import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { expect, it, onTestFinished } from "vitest";

import { loadAssets } from "./assets.ts";
import { sharedFiles } from "./shared-files.ts";

async function fileOf(content: string): Promise<URL> {
  const folder = await mkdtemp(join(tmpdir(), "pages-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "own.js"), content);
  return pathToFileURL(join(folder, "own.js"));
}

it("serves every shared file under its type, to be kept for good", async () => {
  const assets = await loadAssets("/x/assets", sharedFiles);
  const types = sharedFiles.map(({ name }) => {
    const answer = assets.answer(assets.href(name));
    return [name.split(".").at(-1), answer?.status, answer?.headers.get("content-type")?.split(";")[0]];
  });
  expect(new Set(types.map(String))).toEqual(
    new Set(["css,200,text/css", "svg,200,image/svg+xml", "js,200,text/javascript"]),
  );
  const style = assets.answer(assets.href("pages.css"));
  expect(style?.headers.get("cache-control")).toContain("immutable");
  expect(await style?.text()).toMatch(/--ground:.*\.bubble/s);
});

it("has another address once a file has changed", async () => {
  const [one, same, other] = await Promise.all(
    ["a", "a", "b"].map(async (content) => loadAssets("/assets", [{ name: "own.js", from: await fileOf(content) }])),
  );
  expect(one?.href("own.js")).toBe(same?.href("own.js"));
  expect(one?.href("own.js")).not.toBe(other?.href("own.js"));
  expect(other?.answer(one?.href("own.js") ?? "")?.status).toBe(404);
});

it("knows what is its own, and nothing else", async () => {
  const assets = await loadAssets("/assets", [{ name: "own.js", from: await fileOf("a") }]);
  const path = assets.href("own.js");
  expect(assets.answer("/")).toBeUndefined();
  expect(assets.answer("/assetsother")).toBeUndefined();
  for (const wrong of [
    `${path}/`,
    `${path}/..`,
    path.replace("own.js", ""),
    path.replace("own.js", "..%2f"),
    "/assets/",
  ]) {
    expect(assets.answer(wrong)?.status, wrong).toBe(404);
  }
  expect(() => assets.href("other.js")).toThrow("no file other.js");
});
