import { type Access, unknownObject } from "../access/graph-access.ts";
import type { GraphError } from "../graph-error.ts";
import type { Objects, Owner } from "./objects.ts";
import type { Kind, Operation } from "./operation.ts";

interface ChooserDeps {
  readonly access: Access;
  readonly objects: () => Objects;
  /** The kind of an object that was there from the start; undefined: nothing is known of it. */
  readonly kindOf: (id: string) => Kind | undefined;
  /** Any token is valid, and an id that was never seen may be anything that is not created in Graph. */
  readonly acceptsAny: () => boolean;
}

/** Kinds of objects that Graph has without their being created in it. */
const given: ReadonlySet<Kind> = new Set(["number", "account", "business", "application", "user"]);

/** The operations that a call may mean, best first, or Graph's refusal. `candidates` have the call's method and edge. */
export function createChooser({ access, objects, kindOf, acceptsAny }: ChooserDeps) {
  function refusalOf(owner: Owner, id: string, token: string | undefined, { method, edge, on }: Operation) {
    if (owner.kind === "anyone") return access.any(token);
    const refusal =
      owner.kind === "number"
        ? access.number(token, owner.id, method)
        : // Where no outlet names the account, as where tenants come from a file, any known token may use its templates.
          access.account(token, owner.id, method, edge === "message_templates" || on === "template");
    return refusal?.subcode === 33 ? unknownObject(id, method) : refusal;
  }

  return (
    id: string,
    token: string | undefined,
    candidates: readonly Operation[],
  ): readonly Operation[] | GraphError => {
    const [first] = candidates;
    if (!first) return unknownObject(id, "get");
    // A download needs the token of the number that has the file, and says itself that it is not given.
    if (id === "") return first.edge === "debug_token" ? (access.any(token) ?? candidates) : candidates;
    const known = objects().find(id);
    const kind = known?.kind ?? kindOf(id);
    if (kind !== undefined) {
      const operation = candidates.find(({ on }) => on === kind);
      const owner = known?.owner ?? ownerOf(kind, id);
      const refusal = refusalOf(owner, id, token, operation ?? first);
      if (refusal) return refusal;
      if (operation) return [operation];
      if (!acceptsAny() || known) return unknownObject(id, first.method);
    }
    // Ids with a colon are given to uploads only.
    const wasGiven = objects().isGone(id) || id.includes(":");
    const possible = wasGiven ? [] : candidates.filter(({ on }) => given.has(on));
    const [likely] = possible;
    if (likely?.edge === "" && !/^\d+$/.test(id)) return access.any(token) ?? unknownAlias(id);
    if (!likely) return access.any(token) ?? unknownObject(id, first.method);
    return refusalOf(ownerOf(likely.on, id), id, token, likely) ?? (acceptsAny() ? possible : [likely]);
  };
}

/** As Rfacebook#123 quotes it, of another alias. */
function unknownAlias(id: string): GraphError {
  return { code: 803, message: `Some of the aliases you requested do not exist: ${id}` };
}

function ownerOf(kind: Kind, id: string): Owner {
  return kind === "number" || kind === "account" ? { kind, id } : { kind: "anyone" };
}
