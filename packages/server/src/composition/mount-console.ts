import type { Console } from "@message-sender/console";
import type { createHttpApp } from "@message-sender/http-adapter/inbound";

type App = ReturnType<typeof createHttpApp>;

/** Adds the console to an app. It is loaded at its first request, so that a server whose console nobody opens stays small. */
export function mountConsole(app: App, load: () => Promise<Console>): void {
  let loading: Promise<Console> | undefined;
  // Patterns with a name: the log and the metrics tell requests apart by them.
  for (const path of ["/console", "/console/:page{.+}"]) {
    app.all(path, async (c) => {
      const { fetch } = await (loading ??= load());
      const consoleRequest = {
        requestId: c.get("requestId"),
        clientAddress: c.get("clientAddress"),
        noteCaller: (id: string) => c.set("caller", id),
      };
      return fetch(c.req.raw, { ...(c.env as object | undefined), consoleRequest });
    });
  }
}
