import { relative } from "node:path";

import type { ModuleInfo } from "rolldown";

import { packages, sources } from "./sources.ts";

type Find = (id: string) => ModuleInfo | null;
type Modules = ReadonlySet<string>;

/** A module that at least so many other commands load lies apart from what only the server loads. */
const several = 3;

/**
 * Names the file of the bundle in which a module lies: by its package, and by who loads it, so that the help, a client of the API and a server
 * each read few files. undefined: the bundler decides, by the commands that share the module.
 */
export function partsOf(find: Find): (id: string) => string | undefined {
  const help = loadedWith([sources.main], find);
  const others = loadedLater(help, find).map((id) => loadedWith([id], find));
  const withoutService = others.filter((modules) => !modules.has(sources.service));
  const server = loadedWith(sources.server, find);
  return (id) => {
    // `main` awaits the command that it imports. If that command imported `main`'s file, each would wait for the other.
    if (id === sources.main || id === sources.noInspector) return undefined;
    if (help.has(id)) return "help";
    if (!server.has(id)) return undefined;
    const isCommon = withoutService.filter((modules) => modules.has(id)).length >= several;
    return isCommon ? `${partOf(id)}-common` : partOf(id);
  };
}

/** What the modules import with `import()`. */
function loadedLater(modules: Modules, find: Find): readonly string[] {
  return [...modules].flatMap((id) => find(id)?.dynamicallyImportedIds ?? []);
}

/** The modules, and all that are loaded with them. */
function loadedWith(ids: readonly string[], find: Find): Modules {
  const found = new Set(ids);
  // The iteration of a set includes what is added meanwhile.
  for (const id of found) for (const imported of find(id)?.importedIds ?? []) found.add(imported);
  return found;
}

/** Each is larger than the rest of what is installed, by a multiple. */
const large = ["undici", "zod"];

function partOf(id: string): string {
  const name = packageOf(id);
  return isInstalled(id) && !large.includes(name) ? "others" : name;
}

const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/;

export function isInstalled(id: string): boolean {
  return installed.test(id);
}

/** The folder of one of our packages, or the name of one that is installed. */
export function packageOf(id: string): string {
  return installed.exec(id)?.[1] ?? relative(packages, id).split("/")[0] ?? id;
}
