import type { Memory } from "../../collections/memory.ts";
import type { Operation } from "../objects/operation.ts";
import { flag, ok, success } from "../objects/parameters.ts";
import { perObject } from "../objects/per-object.ts";

type Fields = Record<string, unknown>;

/** The catalog and the cart of a number (Cloud API, "Commerce settings"). */
export function commerceOperations({
  memory,
  keep,
  nextId,
}: {
  readonly memory: Memory;
  readonly keep: number;
  readonly nextId: () => string;
}): readonly Operation[] {
  const settingsOf = perObject<Fields>(memory.map("commerce"), keep, () => ({
    id: nextId(),
    is_cart_enabled: true,
    is_catalog_visible: false,
  }));

  return [
    {
      method: "GET",
      on: "number",
      edge: "whatsapp_commerce_settings",
      answer: ({ id }) => ok({ data: [settingsOf(id)] }),
    },
    {
      method: "POST",
      on: "number",
      edge: "whatsapp_commerce_settings",
      answer({ id, params }) {
        for (const name of ["is_cart_enabled", "is_catalog_visible"]) {
          const value = flag(params, name);
          if (value !== undefined) settingsOf(id)[name] = value;
        }
        return success;
      },
    },
  ];
}
