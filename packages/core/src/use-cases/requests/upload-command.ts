import { err, ok, type Result } from "neverthrow";

import type { Identifier } from "../../content/identifiers.ts";
import { type KnownMedia, mediaTypeOf, mediaTypes } from "../../content/media-types.ts";
import { brokenRules, type FieldRule, identifierRule, type InvalidCommand } from "../accept/field-checks.ts";

/** One file to upload. Messages use it by the id that the upload returns. */
export interface UploadMediaCommand {
  readonly tenantId: Identifier;
  readonly outletId: Identifier;
  /** If it is missing or `application/octet-stream`, the extension of `filename` decides. */
  readonly mimeType?: string;
  readonly filename?: string;
  /** Read once, chunk by chunk, no faster than WhatsApp takes it. Disposed of however the upload ends. */
  readonly content: AsyncIterable<Uint8Array>;
  /** The size in bytes, or a lower bound, if known: a file that is too large is then rejected before it is read. */
  readonly size?: number;
}

/** Why a file cannot be uploaded. */
export type UploadCommandError =
  | InvalidCommand
  /** WhatsApp does not accept such a file. */
  | { readonly kind: "MediaInvalid"; readonly detail: string }
  /** The file is larger than WhatsApp allows for its type. */
  | { readonly kind: "MediaTooLarge"; readonly mimeType: string; readonly largestBytes: number };

/** The type of the file, if it can be uploaded. */
export function parseUploadCommand(command: UploadMediaCommand): Result<KnownMedia, UploadCommandError> {
  const problems = brokenRules(rules, command);
  if (problems.length > 0) return err({ kind: "InvalidCommand", problems });
  const { mimeType, filename, size } = command;
  const type = mediaTypeOf(mimeType, filename);
  if (!type) return err({ kind: "MediaInvalid", detail: unsupported });
  return (size ?? 0) > type.largestBytes ? err(tooLarge(type)) : ok(type);
}

const unsupported = `has an unsupported type; WhatsApp accepts ${Object.keys(mediaTypes).join(", ")}`;

/** A caller without types may pass anything, so each field is checked for its type too. */
const rules: readonly FieldRule<UploadMediaCommand>[] = [
  identifierRule("tenantId"),
  identifierRule("outletId"),
  ["mimeType", ({ mimeType }) => typeof (mimeType ?? "") === "string", "must be a string"],
  ["filename", ({ filename }) => typeof (filename ?? "") === "string", "must be a string"],
  ["size", ({ size }) => isSize(size ?? 0), "must be a number of bytes, 0 or more"],
  ["content", ({ content }) => isIterable(content), "must be an AsyncIterable"],
];

function isIterable(content: Partial<AsyncIterable<unknown>> | null): boolean {
  return typeof content?.[Symbol.asyncIterator] === "function";
}

function isSize(given: unknown): boolean {
  return typeof given === "number" && given >= 0;
}

export function tooLarge({ mimeType, largestBytes }: KnownMedia): UploadCommandError {
  return { kind: "MediaTooLarge", mimeType, largestBytes };
}
