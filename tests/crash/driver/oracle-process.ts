import { fork } from "node:child_process";

import type { FromOracle, ToOracle } from "../oracle.ts";
import { killOnExit } from "./child-processes.ts";

export interface OracleOptions {
  readonly log: string;
  readonly seed: number;
  readonly appSecret: string;
  /** The URL of the webhooks. */
  readonly target: string;
  /** Called before the token of a number is refused. */
  readonly onRefusing: (phoneNumberId: string) => void;
}

export interface OracleProcess {
  readonly url: string;
  readonly pendingWebhooks: number;
  tell(message: ToOracle): void;
  close(): void;
}

export function startOracle({ log, seed, appSecret, target, onRefusing }: OracleOptions): Promise<OracleProcess> {
  const child = killOnExit(fork(new URL("../oracle.ts", import.meta.url), [log, String(seed), appSecret, target]));
  let pendingWebhooks = 0;
  const tell = (message: ToOracle): void => void (child.connected && child.send(message));

  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error("the oracle has ended")));
    child.on("message", (told: FromOracle) => {
      if ("pendingWebhooks" in told) ({ pendingWebhooks } = told);
      else if ("refusing" in told) {
        onRefusing(told.phoneNumberId);
        tell({ rotated: told.refusing });
      } else {
        resolve({
          url: told.url,
          get pendingWebhooks() {
            return pendingWebhooks;
          },
          tell,
          close: () => child.disconnect(),
        });
      }
    });
  });
}
