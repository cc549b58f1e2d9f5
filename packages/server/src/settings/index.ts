/**
 * The environment variables of the server and of the commands. This entry does not load the server.
 *
 * @module @message-sender/server/settings
 */
export { describeSettings, explainSettings, settingTexts } from "./describe-settings.ts";
export type { Settings } from "./environment.ts";
export { readSettings, type ReadSettingsOptions, type SettingError, type Variables } from "./read-settings.ts";
export { type SettingDescription, settingDescriptions, settingGroups } from "./setting-descriptions.ts";
export { serverOptionsOf } from "./service-options-of.ts";
