import type { Fetch, Incoming } from "../http/listener.ts";
import type { PageData } from "../page/page-data.ts";
import { pagePath } from "../page/paths.ts";

/**
 * Puts the page before a service: at `/`, and what it loads and sends below `/__emulator/page`. It is loaded when somebody
 * opens it, so that nobody else waits for it. `refusalOf` protects it as it protects the control API.
 */
export function createPageMiddleware(
  data: PageData,
  refusalOf: (request: Incoming) => Response | undefined,
): (own: Fetch) => Fetch {
  let loading: Promise<(request: Request) => Promise<Response>> | undefined;

  function page() {
    loading ??= import("../page/create-page.ts").then(({ createPage }) => createPage(data));
    return loading;
  }

  return (own) => (request, bindings) => {
    const incoming = bindings?.incoming;
    if (!incoming || !isOfPage(incoming)) return own(request, bindings);
    return refusalOf(incoming) ?? page().then((answer) => answer(request));
  };
}

function isOfPage({ url = "", method = "" }: Incoming): boolean {
  const [path = ""] = url.split("?", 1);
  const isRead = method === "GET" || method === "HEAD";
  return (isRead && path === "/") || ((isRead || method === "POST") && path.startsWith(`${pagePath}/`));
}
