import { graphApiUrl, type Settings } from "./environment.ts";

const replaced = ["TENANT_SERVICE_URL", "TENANTS_FILE", "CONVERSATION_SERVICE_URL"] as const;

/** The settings that are set, and that a sandbox ignores. */
export function ignoredBySandbox(settings: Settings): readonly string[] {
  const graph = settings.GRAPH_API_URL === graphApiUrl ? [] : ["GRAPH_API_URL"];
  return [...graph, ...replaced.filter((name) => settings[name] !== undefined)];
}
