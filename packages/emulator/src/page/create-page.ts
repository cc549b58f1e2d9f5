import { liveAnswer, loadAssets, pageAnswer, renderRegions, sharedFiles } from "@message-sender/pages";

import { act } from "./actions/act.ts";
import { chatsView } from "./chats/chats-view.tsx";
import { faultsView } from "./faults/faults-view.tsx";
import { Frame } from "./frame.tsx";
import { limitsView } from "./limits/limits-view.tsx";
import type { PageData } from "./page-data.ts";
import { pagePath } from "./paths.ts";
import { requestsView } from "./requests/requests-view.tsx";
import { sandboxView } from "./sandbox/sandbox-view.tsx";
import { templatesView } from "./templates/templates-view.tsx";
import type { View } from "./view.ts";
import { webhooksView } from "./webhooks/webhooks-view.tsx";

const styles = ["chats", "bubbles", "composer", "views"];

const views: Readonly<Record<string, (data: PageData, query: URLSearchParams) => View>> = {
  chats: chatsView,
  templates: templatesView,
  faults: faultsView,
  limits: limitsView,
  webhooks: webhooksView,
  requests: requestsView,
  sandbox: sandboxView,
};

/** The emulator's page: what it shows, what it loads, what keeps it live, and what its forms do. */
export async function createPage(data: PageData): Promise<(request: Request) => Promise<Response>> {
  const assets = await loadAssets(`${pagePath}/assets`, [
    ...sharedFiles,
    { name: "emulator.css", from: styles.map((name) => new URL(`../../styles/${name}.css`, import.meta.url)) },
    { name: "emulator.js", from: new URL("./browser/emulator.js", import.meta.url) },
  ]);

  function chosen(query: URLSearchParams) {
    const name = query.get("view") ?? "chats";
    const create = Object.hasOwn(views, name) ? views[name] : undefined;
    return { name, view: create?.(data, query) };
  }

  return async (request) => {
    const { pathname, search, searchParams } = new URL(request.url);
    if (request.method === "POST") return act(pathname.slice(`${pagePath}/act/`.length), request, data.call);
    const file = assets.answer(pathname);
    if (file) return file;
    const { name, view } = chosen(searchParams);
    if (!view || (pathname !== "/" && pathname !== `${pagePath}/live`))
      return new Response("Not found", { status: 404 });
    if (pathname !== "/") return live(view, request.signal);
    const rendered = await renderRegions(view.regions());
    return pageAnswer(Frame({ view, name, search, rendered, assets, links: data.links }));
  };

  function live(view: View, signal: AbortSignal): Response {
    return liveAnswer({
      regions: view.regions,
      signal,
      subscribe(changed) {
        const stop = data.events.listen(changed);
        const timer = view.ticks ? setInterval(changed, 1_000) : undefined;
        timer?.unref();
        return () => {
          stop();
          clearInterval(timer);
        };
      },
    });
  }
}
