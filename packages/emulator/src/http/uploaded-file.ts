import type { StoredBytes } from "./byte-store.ts";
import type { FormFile } from "./multipart.ts";

/** A file of a form, with its bytes. */
export interface UploadedFile extends FormFile {
  readonly bytes: StoredBytes;
}
