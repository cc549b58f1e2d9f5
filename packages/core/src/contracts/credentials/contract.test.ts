import { errAsync, ok, okAsync } from "neverthrow";

import type { OutletRef } from "../../content/identifiers.ts";
import { createInMemoryCredentials } from "../../in-memory/index.ts";
import type { Credential, Credentials, CredentialsError } from "../../ports/credentials.ts";
import { credentialsContract, describeCredentialsContract } from "./contract.ts";
import type { CredentialsSubject } from "./subject.ts";
import { exampleUnavailable } from "../fixtures.ts";
import { describeSabotage } from "../sabotage.ts";

const setup = (): CredentialsSubject => {
  const credentials = createInMemoryCredentials();
  let away = false;
  return {
    credentials: {
      lookup: (outlet, refused) => (away ? errAsync(exampleUnavailable) : credentials.lookup(outlet, refused)),
    },
    set: credentials.set,
    goAway: () => {
      away = true;
    },
  };
};

const broken = (change: (credentials: Credentials) => Credentials["lookup"]) => (subject: CredentialsSubject) => ({
  ...subject,
  credentials: { lookup: change(subject.credentials) },
});
const says = (kind: CredentialsError["kind"], other: "OutletUnknown" | "NoOtherCredential") =>
  broken(
    ({ lookup }) =>
      (outlet, refused) =>
        lookup(outlet, refused).mapErr((error) => (error.kind === kind ? { kind: other } : error)),
  );

describeCredentialsContract({
  name: "in-memory credentials",
  setup,
  skip: [{ reason: "they cannot go away", tests: ["Where the source cannot be reached the answer is `Unavailable`"] }],
});

describeSabotage(credentialsContract, {
  setup,
  sabotages: {
    "Returns the outlet's present credential": broken(({ lookup }) => {
      const seen = new Map<string, Credential>();
      const name = ({ tenantId, outletId }: OutletRef) => `${tenantId}/${outletId}`;
      return (outlet, refused) =>
        lookup(outlet, refused).map((credential) => {
          const first = refused ? undefined : seen.get(name(outlet));
          if (!first) seen.set(name(outlet), credential);
          return first ?? credential;
        });
    }),
    "Outlets of the same name of two tenants are two outlets": broken(
      ({ lookup }) =>
        (outlet, refused) =>
          lookup(outlet, refused).andThen(() => lookup({ ...outlet, tenantId: "tenant-1" }, refused)),
    ),
    "never returns that one again": broken(
      ({ lookup }) =>
        (outlet, refused) =>
          lookup(outlet, refused).andThen((credential) => ok(refused ?? credential)),
    ),
    "where there is no other, the answer is `NoOtherCredential`": [
      says("NoOtherCredential", "OutletUnknown"),
      broken(
        ({ lookup }) =>
          (outlet, refused) =>
            lookup(outlet, refused).orElse((error) =>
              error.kind === "NoOtherCredential" && refused ? okAsync(refused) : errAsync(error),
            ),
      ),
    ],
    "No such tenant, or no such outlet of that tenant": says("OutletUnknown", "NoOtherCredential"),
    "Where the source cannot be reached the answer is `Unavailable`": says("Unavailable", "NoOtherCredential"),
  },
});
