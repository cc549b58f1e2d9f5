import { Secret } from "@message-sender/core";

export function secretOf(value: string | Secret): Secret {
  return typeof value === "string" ? new Secret(value) : value;
}
