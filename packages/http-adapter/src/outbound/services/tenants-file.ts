import type { OutletRef } from "@message-sender/core";
import type { Clock, Credential, CredentialsError } from "@message-sender/core/adapter";
import { ResultAsync } from "neverthrow";

import { type WatchedFile, watchFile } from "../../watched-file.ts";
import { callbacksIn, credentialIn, outletsIn, type TenantSource } from "./inline-tenants.ts";
import type { Tenants } from "./tenants-document.ts";

/** The options of `openTenantsFile`. */
export interface TenantsFileOptions {
  readonly clock?: Clock;
  /** The interval between checks of the file. Default: 1,000. */
  readonly intervalMs?: number;
  /** Called when a changed file is invalid. The previous content stays in effect. */
  readonly onError?: (reason: string) => void;
  /** Called when a changed file takes effect. */
  readonly onReload?: (counts: { readonly tenants: number; readonly outlets: number }) => void;
}

/** The file is invalid. `reason` names the file and the setting, never a value. */
export interface TenantsFileInvalid {
  readonly kind: "TenantsFileInvalid";
  readonly reason: string;
}

/** Tenants, their outlets' credentials and their quotas from a file, read again when it changes. */
export interface TenantsFile extends TenantSource {
  /** Stops looking at the file. */
  close(): Promise<void>;
}

/**
 * Reads a tenants file and watches it for changes.
 *
 * @example
 * ```ts
 * const { credentials } = (await openTenantsFile("tenants.yaml"))._unsafeUnwrap();
 * ```
 */
export function openTenantsFile(
  path: string,
  { onError = () => {}, onReload = () => {}, ...watching }: TenantsFileOptions = {},
): ResultAsync<TenantsFile, TenantsFileInvalid> {
  // Only a service with such a file needs a YAML parser.
  const opened = import("./tenants-text.ts").then(({ parseTenants }) =>
    watchFile(path, {
      parse: parseTenants,
      forbidden: { mode: 0o004, reason: "it contains access tokens and is readable by everyone; run chmod o-r" },
      ...watching,
      onError: (reason) => onError(`${path}: ${reason}`),
      onReload: (tenants) => onReload(countsOf(tenants)),
    }),
  );
  return new ResultAsync(opened)
    .map(sourceIn)
    .mapErr((reason) => ({ kind: "TenantsFileInvalid", reason: `${path}: ${reason}` }));
}

function sourceIn(file: WatchedFile<Tenants>): TenantsFile {
  async function lookup(outlet: OutletRef, refused?: Credential) {
    if (refused) await file.refresh();
    return credentialIn(file.current(), outlet, refused);
  }
  return {
    credentials: {
      lookup: (outlet, refused) => new ResultAsync<Credential, CredentialsError>(lookup(outlet, refused)),
    },
    limitOf: (tenantId) => file.current().get(tenantId)?.quota,
    callbacks: callbacksIn(file.current),
    outlets: () => outletsIn(file.current()),
    close: file.close,
  };
}

function countsOf(tenants: Tenants) {
  const outlets = [...tenants.values()].reduce((count, tenant) => count + tenant.outlets.size, 0);
  return { tenants: tenants.size, outlets };
}
