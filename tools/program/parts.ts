import type { ModuleInfo } from "rolldown";

import { sources } from "./sources.ts";

type Find = (id: string) => ModuleInfo | null;
type Modules = ReadonlySet<string>;

/** What so many commands share with the server lies apart from what only the server needs. */
const several = 3;

/**
 * Names the file of the program in which a module lies: by its package, and by who loads it. So a command reads a few files, and none of
 * them is mostly for others. undefined: the bundler decides, by the commands that share the module.
 */
export function partsOf(find: Find): (id: string) => string | undefined {
  const program = importedBy([sources.main], find);
  const byCommand = commandsOf(find).map((command) => importedBy([command], find));
  const clients = byCommand.filter((modules) => !modules.has(sources.service));
  const server = importedBy(sources.server, find);
  return (id) => {
    // It waits for its command. A file that the command imports must not contain it.
    if (id === sources.main) return undefined;
    if (program.has(id)) return "program";
    if (!server.has(id)) return undefined;
    const isCommon = clients.filter((modules) => modules.has(id)).length >= several;
    return isCommon ? `${packageOf(id)}-common` : packageOf(id);
  };
}

/** The modules of commands, of which `main` loads one. */
function commandsOf(find: Find): readonly string[] {
  return [...importedBy([sources.main], find)].flatMap((id) => find(id)?.dynamicallyImportedIds ?? []);
}

/** The modules, and all that are loaded with them. */
function importedBy(ids: readonly string[], find: Find): Modules {
  const found = new Set<string>();
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    left.push(...(find(id)?.importedIds ?? []));
  }
  return found;
}

const own = /\/packages\/([^/]+)\//;
const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/;
/** Of the installed packages, those that are large. */
const large = ["undici", "zod"];

function packageOf(id: string): string {
  const name = installed.exec(id)?.[1];
  if (name === undefined) return own.exec(id)?.[1] ?? "others";
  return large.includes(name) ? name : "others";
}
