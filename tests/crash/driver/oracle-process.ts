import { fork } from "node:child_process";

import type { FromOracle, ToOracle } from "../oracle.ts";
import { killOnExit } from "./child-processes.ts";

export interface OracleOptions {
  readonly log: string;
  readonly seed: number;
  readonly appSecret: string;
  /** The secret of status callbacks. */
  readonly callbackSecret: string;
  /** The URL of the webhooks. */
  readonly target: string;
  /** Called before the token of a number is refused. */
  readonly onRefusing: (phoneNumberId: string) => void;
}

export interface OracleProcess {
  readonly url: string;
  readonly pendingWebhooks: number;
  /** How many status callbacks came, repeats included. */
  readonly callbacks: number;
  /** How many requests to send a message came. */
  readonly requests: number;
  tell(message: ToOracle): void;
  close(): void;
}

export function startOracle(options: OracleOptions): Promise<OracleProcess> {
  const { log, seed, appSecret, target, callbackSecret, onRefusing } = options;
  const settings = [log, String(seed), appSecret, target, callbackSecret];
  const child = killOnExit(fork(new URL("../oracle.ts", import.meta.url), settings));
  let pendingWebhooks = 0;
  let callbacks = 0;
  let requests = 0;
  const tell = (message: ToOracle): void => void (child.connected && child.send(message));

  return new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error("the oracle has ended")));
    child.on("message", (told: FromOracle) => {
      if ("pendingWebhooks" in told) ({ pendingWebhooks, callbacks, requests } = told);
      else if ("refusing" in told) {
        onRefusing(told.phoneNumberId);
        tell({ rotated: told.refusing });
      } else {
        resolve({
          url: told.url,
          get pendingWebhooks() {
            return pendingWebhooks;
          },
          get callbacks() {
            return callbacks;
          },
          get requests() {
            return requests;
          },
          tell,
          close: () => child.disconnect(),
        });
      }
    });
  });
}
