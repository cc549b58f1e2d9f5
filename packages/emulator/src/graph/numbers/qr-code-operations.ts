import { type Answer, html } from "../../http/answer.ts";
import { codeOf } from "../graph-ids.ts";
import type { GraphError } from "../graph-error.ts";
import { unknownObject } from "../access/graph-access.ts";
import type { Memory } from "../../collections/memory.ts";
import type { Ask, Operation } from "../objects/operation.ts";
import { pageOf } from "../objects/pages.ts";
import { isNoneOf, isNot, lacks, ok, success, text } from "../objects/parameters.ts";
import { perObject } from "../objects/per-object.ts";
import { qrImage } from "./qr-image.ts";

interface QrCode {
  readonly code: string;
  readonly prefilled_message: string;
  readonly deep_link_url: string;
  readonly qr_image_url?: string;
  readonly creation_time: number;
}

interface QrCodeDeps {
  readonly memory: Memory;
  readonly keep: number;
  readonly now: () => number;
  readonly nextId: () => string;
}

/** QR codes and short links that open a chat (Cloud API, "QR codes and short links"). */
export function qrCodeOperations({ memory, keep, now, nextId }: QrCodeDeps): readonly Operation[] {
  const codesOf = perObject<QrCode[]>(memory.map("qrCodes"), keep, () => []);
  const find = (id: string, code: unknown) => codesOf(id).find((one) => one.code === code);

  function listAll(ask: Ask): Answer {
    const { code } = ask.params;
    const all = codesOf(ask.id).filter((one) => code === undefined || one.code === code);
    return ok(pageOf(all, ask, (one) => one.code));
  }

  function save({ id, params: given, names, url }: Ask): Answer | GraphError {
    const params = { ...given, ...names };
    const refusal =
      lacks(params, "prefilled_message") ??
      isNot(params, "prefilled_message", /^[^]{1,140}$/, "at most 140 characters long") ??
      isNoneOf(params, "generate_qr_image", ["PNG", "SVG"]);
    if (refusal) return refusal;
    const own = codesOf(id);
    const before = params["code"] === undefined ? undefined : find(id, text(params, "code"));
    if (params["code"] !== undefined && !before) return unknownObject(text(params, "code"), "post");
    const code = before?.code ?? codeOf(nextId());
    const image = text(params, "generate_qr_image");
    const saved = {
      ...before,
      code,
      prefilled_message: text(params, "prefilled_message"),
      deep_link_url: `https://wa.me/message/${code}`,
      ...(image !== "" && { qr_image_url: `${new URL(url).origin}/qr/${id}/${code}.${image.toLowerCase()}` }),
      creation_time: before?.creation_time ?? Math.floor(now() / 1_000),
    };
    if (before) own[own.indexOf(before)] = saved;
    else own.push(saved);
    const { creation_time: _, ...shown } = saved;
    return ok(shown);
  }

  function read({ id, names }: Ask): Answer | GraphError {
    const found = find(id, names["code"]);
    if (!found) return unknownObject(names["code"] ?? "", "get");
    const { creation_time: _, ...shown } = found;
    // By Meta's OpenAPI file it is the code, by its pages a list of one.
    return ok({ ...shown, data: [shown] });
  }

  /** Anybody may look at it, as at Meta's. */
  function show({ names }: Ask): Answer {
    const [, code, format] = /^(\w+)\.(svg|png)$/.exec(names["file"] ?? "") ?? [];
    const found = find(names["number"] ?? "", code);
    if (!found || (format !== "svg" && format !== "png")) return html(404, "Not Found");
    const type = format === "svg" ? "image/svg+xml" : "image/png";
    return { status: 200, headers: { "content-type": type }, body: qrImage(found.deep_link_url, format) };
  }

  function remove({ id, names }: Ask): Answer | GraphError {
    const found = find(id, names["code"]);
    if (!found) return unknownObject(names["code"] ?? "", "delete");
    codesOf(id).splice(codesOf(id).indexOf(found), 1);
    return success;
  }

  return [
    { method: "GET", on: "number", edge: "message_qrdls", answer: listAll },
    { method: "POST", on: "number", edge: "message_qrdls", answer: save },
    { method: "GET", on: "number", edge: "message_qrdls/:code", answer: read },
    { method: "POST", on: "number", edge: "message_qrdls/:code", answer: save },
    { method: "DELETE", on: "number", edge: "message_qrdls/:code", answer: remove },
    { method: "GET", on: "root", edge: "qr/:number/:file", answer: show },
  ];
}
