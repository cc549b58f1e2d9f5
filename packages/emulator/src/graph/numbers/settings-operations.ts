import { createHash } from "node:crypto";

import type { Answer } from "../../http/answer.ts";
import { isRecord } from "../../json/records.ts";
import type { GraphError } from "../graph-error.ts";
import type { Memory } from "../../collections/memory.ts";
import { isNoneOf, ok, success } from "../objects/parameters.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { perObject } from "../objects/per-object.ts";

interface Settings {
  calling: Readonly<Record<string, unknown>>;
  encryption: Readonly<Record<string, unknown>>;
  storage: Readonly<Record<string, unknown>>;
  identityChange: boolean;
}

/** The settings of a number: calls, encryption, storage and identity checks (Cloud API, "Phone number settings"). */
export function settingsOperations(memory: Memory, keep: number): readonly Operation[] {
  const settingsOf = perObject<Settings>(memory.map("settings"), keep, () => ({
    calling: {
      status: "disabled",
      call_icon_visibility: "visible",
      ip_addresses: { default: [] },
      callback_permission_status: "disabled",
    },
    encryption: { status: "disabled" },
    storage: { status: "default" },
    identityChange: false,
  }));

  function read({ id }: Ask): Answer {
    const { calling, encryption, storage, identityChange } = settingsOf(id);
    return ok({
      calling,
      payload_encryption: encryption,
      storage_configuration: storage,
      user_identity_change: { enable_identity_key_check: identityChange },
    });
  }

  function update({ id, params }: Ask): Answer | GraphError {
    const own = settingsOf(id);
    const {
      calling,
      payload_encryption: encryption,
      storage_configuration: storage,
      user_identity_change: identity,
    } = params;
    if (Object.keys(params).length === 0) return { code: 100, message: "The parameter calling is required." };
    const refusal = [calling, encryption]
      .filter(isRecord)
      .map(({ status }) => isNoneOf({ status }, "status", ["enabled", "disabled"]))
      .find((one) => one !== undefined);
    if (refusal) return refusal;
    if (isRecord(calling)) own.calling = { ...own.calling, ...calling };
    if (isRecord(encryption)) own.encryption = encryptionOf(encryption);
    if (isRecord(storage)) {
      own.storage =
        storage["enabled"] === true || storage["enabled"] === "true"
          ? { status: "in_country_storage_enabled", data_localization_region: storage["region"] }
          : { status: "default" };
    }
    if (isRecord(identity))
      own.identityChange = (identity["enabled"] ?? identity["enable_identity_key_check"]) === true;
    return success;
  }

  return [
    { method: "GET", on: "number", edge: "settings", answer: read },
    { method: "POST", on: "number", edge: "settings", answer: update },
  ];
}

function encryptionOf({ status, client_encryption_key: key }: Readonly<Record<string, unknown>>) {
  if (typeof key !== "string") return { status };
  const fingerprint = `SHA256:${createHash("sha256").update(key).digest("base64")}`;
  return { status, client_encryption_key_fingerprint: fingerprint };
}
