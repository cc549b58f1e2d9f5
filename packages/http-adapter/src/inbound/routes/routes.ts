import type { Context, Hono, Next } from "hono";

import { type Access, type Caller, everyone, isCaller, nobody } from "../access/access.ts";
import { admit } from "../access/ask-access.ts";
import { createRequestBodies } from "../bodies/request-bodies.ts";
import type { RequestContext } from "../requests/request-context.ts";
import { respondProblem } from "../requests/respond.ts";
import { onlyKnownInput } from "./known-input.ts";
import type { Route } from "./route.ts";
import { type Overload, overloaded, overloadRefusal, sheddingLevelOf } from "./shedding.ts";

type Handle<Path extends string> = (c: Context<RequestContext, Path>, caller: Caller) => Response | Promise<Response>;

/** The routes of an app. */
export interface Routes {
  /**
   * Adds a route. A caller without the route's scope is refused before the body is read. Input that the route does not read gets 400
   * (`onlyKnownInput`). Every other method on its path gets 405. The handler of an open route gets a caller that may do nothing.
   */
  add<Path extends string>(route: Route<Path>, handle: Handle<Path>): void;
  /** The routes that were added so far. */
  all(): readonly Route[];
}

export function createRoutes(app: Hono<RequestContext>, access: Access, overload: Overload): Routes {
  const added: Route[] = [];
  const bodies = createRequestBodies();
  const methodsOf = new Map<string, Set<string>>();

  return {
    add<Path extends string>(route: Route<Path>, handle: Handle<Path>) {
      const { method, path, scope } = route;
      const shedAt = sheddingLevelOf(route);
      const handled = onlyKnownInput(route, bodies, (c, caller) => handle(c as Context<RequestContext, Path>, caller));
      const serve = (answer: (c: Context<RequestContext>) => Response | Promise<Response>) =>
        app.on(method, path, (c) => (overload.level >= shedAt ? shed(c, overload) : answer(c)));
      if (scope === "open") serve((c) => handled(c, nobody));
      else if (access === "open") serve((c) => handled(c, everyone));
      else
        serve(async (c) => {
          const caller = await admit(c, access, scope);
          return isCaller(caller) ? handled(c, caller) : respondProblem(c, caller);
        });
      const methods = methodsOf.get(path) ?? new Set();
      if (methods.size === 0) app.all(path, allowOnly(methods));
      methodsOf.set(path, methods.add(method));
      added.push(route);
    },
    all: () => added,
  };
}

/** An overloaded server does not look at the caller either. */
export function shed(c: Context<RequestContext>, overload: Overload): Response {
  c.set("refusal", overloadRefusal);
  return respondProblem(c, overloaded(overload));
}

/** Refuses other methods. A method that is added later than the first one of its path passes through. */
function allowOnly(methods: ReadonlySet<string>) {
  return (c: Context<RequestContext>, next: Next): Response | Promise<void> => {
    if (methods.has(c.req.method === "HEAD" ? "GET" : c.req.method)) return next();
    const allow = [...methods].toSorted().join(", ");
    return respondProblem(c, { status: 405, detail: `This path supports only ${allow}.`, allow });
  };
}
