import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";

/** A file that the browser loads. */
export interface AssetFile {
  /** Its name in the page, such as `console.css`. A module imports another of the same set by `./name.js`. */
  readonly name: string;
  /** Where it lies; of several places, one after the other. */
  readonly from: URL | readonly URL[];
}

/** A set of files under one address that changes with their content, so that browsers may keep them for good. */
export interface Assets {
  /** The path of a file. Throws where the set has none of this name. */
  href(name: string): string;
  /** The answer to a request for a path. undefined: the path is not below the set's mount. */
  answer(path: string): Response | undefined;
}

/** Reads files into memory. `mount` is the path below which they are served, such as `/console/assets`. */
export async function loadAssets(mount: string, files: readonly AssetFile[]): Promise<Assets> {
  const bytes = new Map(await Promise.all(files.map(async ({ name, from }) => [name, await read(from)] as const)));
  const hash = createHash("sha256");
  for (const [name, content] of bytes) hash.update(`${name}\n${content.length}\n`).update(content);
  const version = hash.digest("base64url").slice(0, 12);

  return {
    href(name) {
      if (!bytes.has(name)) throw new Error(`The page has no file ${name}.`);
      return `${mount}/${version}/${name}`;
    },
    answer(path) {
      if (!path.startsWith(`${mount}/`)) return undefined;
      const [found, name = "", ...more] = path.slice(mount.length + 1).split("/");
      const content = found === version && more.length === 0 ? bytes.get(name) : undefined;
      const headers = { "x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin" };
      if (!content) return new Response(null, { status: 404, headers: { ...headers, "cache-control": "no-store" } });
      return new Response(content, {
        headers: {
          ...headers,
          "content-type": mediaTypes[extname(name)] ?? "application/octet-stream",
          "cache-control": "public, max-age=31536000, immutable",
        },
      });
    },
  };
}

const mediaTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

async function read(from: URL | readonly URL[]): Promise<Buffer<ArrayBuffer>> {
  const places = from instanceof URL ? [from] : from;
  return Buffer.concat(await Promise.all(places.map((place) => readFile(place))));
}
