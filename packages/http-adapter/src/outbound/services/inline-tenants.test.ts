import { Secret } from "@message-sender/core";
import { describe, expect, it } from "vitest";

import { createInlineTenants, type TenantsDocument } from "./inline-tenants.ts";

const quota = { limit: 1000, period: "month" } as const;
const outlet = { waba_access_token: "EAAGcanary", phone_number_id: "106540352242922", waba_id: "102290129340398" };
const acme: TenantsDocument = { acme: { quota, outlets: { jakarta: outlet } } };
const jakarta = { tenantId: "acme", outletId: "jakarta" };

describe("tenants that are given in code", () => {
  it("have the credentials and the limits of the document", async () => {
    const { credentials, limitOf } = createInlineTenants(acme)._unsafeUnwrap();
    const found = (await credentials.lookup(jakarta))._unsafeUnwrap();
    expect(found.accessToken.equals(new Secret("EAAGcanary"))).toBe(true);
    expect(found).toMatchObject({ phoneNumberId: "106540352242922", wabaId: "102290129340398" });
    expect(limitOf("acme")).toEqual(quota);
  });

  it("know no other outlet and no other tenant", async () => {
    const { credentials, limitOf } = createInlineTenants(acme)._unsafeUnwrap();
    for (const other of [
      { ...jakarta, outletId: "bandung" },
      { ...jakarta, tenantId: "toString" },
    ]) {
      expect((await credentials.lookup(other))._unsafeUnwrapErr()).toEqual({ kind: "OutletUnknown" });
    }
    expect(limitOf("toString")).toBeUndefined();
  });

  it("have no other credential than the one that was refused", async () => {
    const { credentials } = createInlineTenants(acme)._unsafeUnwrap();
    const refused = (await credentials.lookup(jakarta))._unsafeUnwrap();
    expect((await credentials.lookup(jakarta, refused))._unsafeUnwrapErr()).toEqual({ kind: "NoOtherCredential" });
  });

  it("are refused when a setting is invalid, and the error does not show the value", () => {
    const error = createInlineTenants({
      acme: { quota, outlets: { jakarta: { ...outlet, waba_access_token: "canary canary" } } },
    })._unsafeUnwrapErr();
    expect(error).toContain("waba_access_token must be 1 to 4096 visible ASCII characters");
    expect(error).not.toContain("canary");
  });
});
