import { storeKind } from "@message-sender/server/store";
import type { Settings } from "@message-sender/server/settings";

import { type Check, passed, warned } from "./check.ts";

type Ineffective = readonly [name: keyof Settings, unless: string];

/** The settings have been read by now, so they are valid. Some may have no effect beside the others. */
export function checkSettings(
  settings: Settings,
  variables: Readonly<Record<string, string | undefined>>,
): readonly Check[] {
  const isGiven = (name: string) => (variables[name]?.trim() ?? "") !== "";
  const ineffective = ineffectiveIn(settings).filter(([name]) => isGiven(name));
  return [
    passed("settings"),
    ...ineffective.map(([name, unless]) =>
      warned("settings", `${name} has no effect: ${unless}`, `unset ${name}, or set what it belongs to`),
    ),
  ];
}

function ineffectiveIn(settings: Settings): readonly Ineffective[] {
  const { GRAPH_API_URL, TENANT_SERVICE_URL, CONVERSATION_SERVICE_URL, PACING } = settings;
  const isCalled = settings.WEBHOOK_FORWARD_URL ?? settings.STATUS_CALLBACK_URL;
  const rows: readonly (readonly [boolean, ...Ineffective])[] = [
    [isCalled === undefined, "CALLBACK_SECRET", "neither WEBHOOK_FORWARD_URL nor STATUS_CALLBACK_URL is set"],
    [
      TENANT_SERVICE_URL === undefined && CONVERSATION_SERVICE_URL === undefined,
      "SERVICE_TOKEN",
      "neither TENANT_SERVICE_URL nor CONVERSATION_SERVICE_URL is set",
    ],
    [settings.HTTPS_PROXY === undefined, "NO_PROXY", "HTTPS_PROXY is not set"],
    [GRAPH_API_URL.startsWith("http:"), "HTTPS_PROXY", "GRAPH_API_URL is http, which never goes through a proxy"],
    [PACING === "off", "PACE_NUMBER_PER_SECOND", "PACING is off"],
    [PACING === "off", "PACE_PAIR_BURST", "PACING is off"],
    [PACING === "off", "PACE_SHARED", "PACING is off"],
    [
      PACING === "off" || settings.PACE_SHARED === "off" || storeKind(settings.DATABASE_URL) !== "postgres",
      "PACE_BOOK_AHEAD_MS",
      "no rate is shared with other servers",
    ],
    [settings.RETRY_SCHEDULE_MS.length === 0, "RETRY_JITTER", "RETRY_SCHEDULE_MS is empty, so nothing is retried"],
    [
      settings.WEBHOOK_FORWARD_URL !== undefined && settings.WHATSAPP_APP_SECRET === undefined,
      "WEBHOOK_FORWARD_URL",
      "without WHATSAPP_APP_SECRET no webhooks are received",
    ],
  ];
  return rows.flatMap(([applies, name, unless]) => (applies ? [[name, unless] as const] : []));
}
