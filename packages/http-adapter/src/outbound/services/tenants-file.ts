import { open } from "node:fs/promises";

import type { OutletRef } from "@message-sender/core";
import type { Clock, Credential, CredentialsError } from "@message-sender/core/adapter";
import { createSystemClock } from "@message-sender/core/node";
import { err, ok, type Result, ResultAsync, safeTry } from "neverthrow";

import { credentialIn, type TenantSource } from "./inline-tenants.ts";
import { parseTenants, type Tenants } from "./tenants-document.ts";

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

interface Version {
  /** Changes whenever the file is written or replaced. */
  readonly stamp: string;
  readonly content: Result<Tenants, TenantsFileInvalid>;
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
  { clock = createSystemClock(), intervalMs = 1000, onError = () => {}, onReload = () => {} }: TenantsFileOptions = {},
): ResultAsync<TenantsFile, TenantsFileInvalid> {
  return safeTry<TenantsFile, TenantsFileInvalid>(async function* () {
    let version = await readVersion(path);
    let tenants = yield* version.content;
    const closing = Promise.withResolvers<void>();
    let closed = false;

    async function refresh(): Promise<void> {
      const next = await readVersion(path, version);
      if (next.stamp === version.stamp) return;
      version = next;
      next.content.match(
        (content) => {
          tenants = content;
          onReload(countsOf(content));
        },
        ({ reason }) => onError(reason),
      );
    }

    async function watch(): Promise<void> {
      while (!closed) {
        await clock.sleep(intervalMs, closing.promise);
        if (!closed) await refresh();
      }
    }

    async function lookup(outlet: OutletRef, refused?: Credential) {
      if (refused) await refresh();
      return credentialIn(tenants, outlet, refused);
    }

    const watching = watch();
    return ok<TenantsFile>({
      credentials: {
        lookup: (outlet, refused) => new ResultAsync<Credential, CredentialsError>(lookup(outlet, refused)),
      },
      limitOf: (tenantId) => tenants.get(tenantId)?.quota,
      close: () => {
        closed = true;
        closing.resolve();
        return watching;
      },
    });
  });
}

function countsOf(tenants: Tenants) {
  const outlets = [...tenants.values()].reduce((count, tenant) => count + tenant.outlets.size, 0);
  return { tenants: tenants.size, outlets };
}

/** Reads the file, unless it has not changed since `known`. */
async function readVersion(path: string, known?: Version): Promise<Version> {
  const invalid = (reason: string) => err({ kind: "TenantsFileInvalid" as const, reason: `${path}: ${reason}` });
  try {
    await using file = await open(path, "r");
    const { dev, ino, size, mode, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
    const stamp = [dev, ino, size, mode, mtimeNs, ctimeNs].join(":");
    if (stamp === known?.stamp) return known;
    if (process.platform !== "win32" && (mode & 0o004n) !== 0n) {
      return { stamp, content: invalid("it contains access tokens and is readable by everyone; run chmod o-r") };
    }
    return { stamp, content: parseTenants(await file.readFile("utf8")).orElse(invalid) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return { stamp: code, content: invalid(`cannot be read (${code})`) };
  }
}
