import type { Context, Hono } from "hono";

import { type Access, admit, type Caller, everyone, isCaller, type Scope } from "./access.ts";
import type { RequestContext } from "./request-context.ts";
import { respondProblem } from "./respond.ts";

type Handle<Path extends string> = (c: Context<RequestContext, Path>, caller: Caller) => Response | Promise<Response>;

/** Adds the routes of the API. Each names the scope that it needs. A caller without it is refused before the body is read. */
export interface Routes {
  add<Path extends string>(method: "GET" | "POST", path: Path, scope: Scope, handle: Handle<Path>): void;
}

/** Every other method on the path of a route gets 405. */
export function createRoutes(app: Hono<RequestContext>, access: Access): Routes {
  return {
    add<Path extends string>(method: "GET" | "POST", path: Path, scope: Scope, handle: Handle<Path>) {
      if (access === "open") app.on(method, path, (c) => handle(c as Context<RequestContext, Path>, everyone));
      else
        app.on(method, path, async (c) => {
          const caller = await admit(c, access, scope);
          return isCaller(caller) ? handle(c as Context<RequestContext, Path>, caller) : respondProblem(c, caller);
        });
      app.all(path, allowOnly(method));
    },
  };
}

export function allowOnly(methods: string) {
  return (c: Context<RequestContext>): Response =>
    respondProblem(c, { status: 405, detail: `This path supports only ${methods}.`, allow: methods });
}
