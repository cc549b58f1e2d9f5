/** Commands that use the store or the files that the settings name. @internal */
export const commandsOnFiles = [
  "serve",
  "work",
  "migrate",
  "restore",
  "doctor",
  "backup",
  "keys create",
  "keys list",
  "keys revoke",
] as const;

/** Commands that need neither a store nor a server. All others call the running server. @internal */
export const commandsAlone = ["config", "init", "demo", "sandbox"] as const;

/** They read no settings. */
const withoutSettings: readonly string[] = ["demo", "sandbox", "init"];

export function readsSettings(path: string): boolean {
  return !withoutSettings.includes(path);
}

/** Whether it may find that the running server is unavailable: a backup asks it if it has the store open. */
export function mayCallServer(path: string): boolean {
  return path === "backup" || !([...commandsOnFiles, ...commandsAlone] as readonly string[]).includes(path);
}
