/**
 * The whole service in one call, `createService`.
 *
 * @module @message-sender/server
 */
export { createService, type Service } from "./create-service.ts";
export type { Logger } from "./logger-port.ts";
export { createPrometheusTelemetry } from "./metrics/prometheus-telemetry.ts";
export type { MetricsRegistry } from "./metrics/registry.ts";
export { connectWebhooks } from "./sandbox.ts";
export type { SandboxHandle } from "./sandbox-handle.ts";
export type { PacingOptions, ServiceOptions, ServiceWebhooks } from "./service-options.ts";
export type { ReadSettingsOptions, SettingError, Variables } from "./settings/read-settings.ts";
export { optionsFromEnvironment } from "./settings/service-options-of.ts";
export type { Store } from "./store/open-store.ts";
