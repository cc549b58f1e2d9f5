import "reflect-metadata";

import type { MessageSender } from "@message-sender/core";
import type { createHttpApp } from "@message-sender/http-adapter/inbound";
import { container as root, instanceCachingFactory } from "tsyringe";

import type { CompositionOptions } from "./composition/composition-options.ts";
import { provideGraph } from "./composition/graph.ts";
import { addGauges } from "./composition/gauges.ts";
import { provideHttpApp } from "./composition/http-app.ts";
import { pacerOf } from "./composition/pacer-of.ts";
import { provideSender } from "./composition/sender.ts";
import { provideServiceView } from "./composition/service-view.ts";
import { provideServices } from "./composition/services.ts";
import { type Get, type Provide, tokens } from "./composition/tokens.ts";

/** A composed sender and its HTTP app. */
export interface Composition {
  readonly sender: MessageSender;
  readonly app: ReturnType<typeof createHttpApp>;
  /** Whether a message is being sent, or waits for a permit. */
  isSending(): boolean;
  /** Frees memory that the store no longer needs. Call it while nothing happens. */
  releaseMemory(): void;
  /** Closes the sender, the store, and then the clients. */
  close(): Promise<void>;
}

/** The only file that knows the container. Each part is created once, when another part first needs it. */
export function compose(options: CompositionOptions): Composition {
  const container = root.createChildContainer();
  const get: Get = (token) => container.resolve(token);
  const provide: Provide = (token, create) => {
    container.register(token, { useFactory: instanceCachingFactory(() => create(get)) });
  };
  const closing: (() => Promise<unknown>)[] = [];
  const onClose = (close: () => Promise<unknown>): void => void closing.push(close);

  provideGraph(provide, options, onClose);
  provideServices(provide, options, onClose);
  provideSender(provide, options);
  provideServiceView(provide, options, onClose);
  provideHttpApp(provide, options, onClose);

  const sender = get(tokens.sender);
  const pacer = pacerOf(get, options);
  addGauges(get, options);
  return {
    sender,
    app: get(tokens.app),
    isSending() {
      const { inFlight = 0, waiting = 0 } = pacer.load?.() ?? {};
      return inFlight + waiting > 0;
    },
    releaseMemory: () => options.store.releaseMemory?.(),
    async close() {
      await sender.close();
      await options.store.close?.();
      await Promise.all(closing.map((close) => close()));
    },
  };
}
