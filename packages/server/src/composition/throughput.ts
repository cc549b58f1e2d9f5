import type { MessageSender } from "@message-sender/core";
import { type Credentials, throughputLevels, webhookFactsOf } from "@message-sender/core/adapter";
import type { GraphThroughput } from "@message-sender/http-adapter/outbound";

import type { CompositionOptions } from "./composition-options.ts";

/** The default of the pacer. An operator who sets another figure means it. */
const usualPerSecond = throughputLevels.STANDARD;

/** Whether Graph is asked for the throughput of numbers: the sends go there, and nobody has set another rate. */
export function asksForThroughput({ ports = {}, pacing = {} }: CompositionOptions): boolean {
  const { rates = true, numberPerSecond = usualPerSecond } = pacing;
  return rates && numberPerSecond === usualPerSecond && !ports.pacer && !ports.transport;
}

/** Notes each credential that is looked up, so that Graph can be asked about its number. */
export function notingCredentials(credentials: Credentials, throughput: GraphThroughput): Credentials {
  return {
    ...credentials,
    lookup: (outlet, refused) => credentials.lookup(outlet, refused).andTee(throughput.note),
  };
}

/** Asks Graph anew after a webhook about a number's throughput (Cloud API, "Webhooks: phone_number_quality_update"). */
export function notingUpgrades(sender: MessageSender, throughput: GraphThroughput): MessageSender {
  return {
    ...sender,
    receiveWebhook: (command) =>
      sender.receiveWebhook(command).andTee(() => {
        for (const body of command.others ?? []) {
          if (!body.includes(upgradeField)) continue;
          const { field, wabaId } = webhookFactsOf(body);
          if (field === upgradeField && wabaId !== undefined) throughput.refresh(wabaId);
        }
      }),
  };
}

const upgradeField = "phone_number_quality_update";
