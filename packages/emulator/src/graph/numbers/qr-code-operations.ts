import type { Answer } from "../../http/answer.ts";
import { codeOf } from "../graph-ids.ts";
import type { GraphError } from "../graph-error.ts";
import { unknownObject } from "../access/graph-access.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { isNoneOf, isNot, lacks, ok, success, text } from "../objects/parameters.ts";
import { perObject } from "../objects/per-object.ts";

interface QrCode {
  readonly code: string;
  readonly prefilled_message: string;
  readonly deep_link_url: string;
  readonly qr_image_url?: string;
  readonly creation_time: number;
}

interface QrCodeDeps {
  readonly keep: number;
  readonly now: () => number;
  readonly nextId: () => string;
}

/** QR codes and short links that open a chat (Cloud API, "QR codes and short links"). */
export function qrCodeOperations({ keep, now, nextId }: QrCodeDeps): readonly Operation[] {
  const codesOf = perObject(keep, () => new Map<string, QrCode>());

  function listAll(ask: Ask): Answer {
    const { code } = ask.params;
    const all = [...codesOf(ask.id).values()].filter((one) => code === undefined || one.code === code);
    return ok(pageOf(all, ask, (one) => one.code));
  }

  function save({ id, params, url }: Ask): Answer | GraphError {
    const refusal =
      lacks(params, "prefilled_message") ??
      isNot(params, "prefilled_message", /^[^]{1,140}$/, "at most 140 characters long") ??
      isNoneOf(params, "generate_qr_image", ["PNG", "SVG"]);
    if (refusal) return refusal;
    const own = codesOf(id);
    const before = params["code"] === undefined ? undefined : own.get(text(params, "code"));
    if (params["code"] !== undefined && !before) return unknownObject(text(params, "code"), "post");
    const code = before?.code ?? codeOf(nextId());
    const image = text(params, "generate_qr_image");
    const saved = {
      ...before,
      code,
      prefilled_message: text(params, "prefilled_message"),
      deep_link_url: `https://wa.me/message/${code}`,
      ...(image !== "" && { qr_image_url: `${new URL(url).origin}/qr/${code}.${image.toLowerCase()}` }),
      creation_time: before?.creation_time ?? Math.floor(now() / 1_000),
    };
    own.set(code, saved);
    const { creation_time: _, ...shown } = saved;
    return ok(shown);
  }

  function read({ id, names }: Ask): Answer | GraphError {
    const found = codesOf(id).get(names["code"] ?? "");
    if (!found) return unknownObject(names["code"] ?? "", "get");
    const { creation_time: _, ...shown } = found;
    return ok(shown);
  }

  function remove({ id, names }: Ask): Answer | GraphError {
    return codesOf(id).delete(names["code"] ?? "") ? success : unknownObject(names["code"] ?? "", "delete");
  }

  return [
    { method: "GET", on: "number", edge: "message_qrdls", answer: listAll },
    { method: "POST", on: "number", edge: "message_qrdls", answer: save },
    { method: "GET", on: "number", edge: "message_qrdls/:code", answer: read },
    { method: "DELETE", on: "number", edge: "message_qrdls/:code", answer: remove },
  ];
}
