export { createLogOutput, type LogOutput, type LogOutputOptions } from "../log/log-output.ts";
export { isInvalidOption } from "../invalid-option.ts";
export { printable, withoutInvisible } from "../log/printable.ts";
export { createProcessRegistry } from "../metrics/process-metrics.ts";
export type { SandboxHandle } from "../sandbox-handle.ts";
export { describeSettings, explainSettings, settingTexts } from "./describe-settings.ts";
export type { Settings } from "../settings/environment.ts";
export {
  readSettings,
  type ReadSettingsOptions,
  type SettingError,
  type Variables,
} from "../settings/read-settings.ts";
export { type SettingDescription, settingDescriptions, settingGroups } from "../settings/setting-descriptions.ts";
export { serverOptionsOf } from "../settings/service-options-of.ts";
export { sqlitePath, type StoreKind, storeKind } from "../store/database-url.ts";
export { migrateStore, type StoreMigrated, type StoreNotMigrated } from "../store/migrate-store.ts";
export { restoreStore, type StoreRestored } from "../store/restore-store.ts";
export { endProcess } from "./end-process.ts";
export { exitCode, exitCodeWords } from "./exit-code.ts";
export { runServer, type RunServerOptions } from "./run-server.ts";
export { sandboxIds } from "./sandbox-hint.ts";
export { endSignal } from "./signals.ts";
