export { type ContainerOptions, createService, type Service } from "./container.ts";
export { connectWebhooks, sandboxConfig, sandboxIds } from "./sandbox.ts";
export { type Config, type ConfigError, describeConfig, readConfig } from "./settings/settings.ts";
export { openStore, sqlitePath, type Store, storeKind } from "./store.ts";
