import type { Answer } from "../../http/answer.ts";
import type { GraphError } from "../graph-error.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { lacks, ok, success, text } from "../objects/parameters.ts";
import { perObject } from "../objects/per-object.ts";

/** The public key for Flows (Cloud API, "WhatsApp Business Encryption"). */
export function encryptionOperations({
  memory,
  keep,
}: {
  readonly memory: Memory;
  readonly keep: number;
}): readonly Operation[] {
  const keyOf = perObject<{ key?: string }>(memory.map("encryption"), keep, () => ({}));

  function read({ id }: Ask): Answer {
    const { key } = keyOf(id);
    return ok({
      data: key === undefined ? [] : [{ business_public_key: key, business_public_key_signature_status: "VALID" }],
    });
  }

  function save({ id, params }: Ask): Answer | GraphError {
    const refusal = lacks(params, "business_public_key");
    if (refusal) return refusal;
    keyOf(id).key = text(params, "business_public_key");
    return success;
  }

  return [
    { method: "GET", on: "number", edge: "whatsapp_business_encryption", answer: read },
    { method: "POST", on: "number", edge: "whatsapp_business_encryption", answer: save },
  ];
}
