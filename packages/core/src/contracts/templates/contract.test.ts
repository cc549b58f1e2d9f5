import { okAsync } from "neverthrow";

import type { TemplateDefinition } from "../../domain/templates/template-definition.ts";
import { createInMemoryTemplates } from "../../in-memory/index.ts";
import type { AccountCredential, Templates } from "../../ports/templates.ts";
import { describeSabotage } from "../sabotage.ts";
import { describeTemplatesContract, templatesContract } from "./contract.ts";
import type { TemplatesSubject } from "./subject.ts";

const setup = (): TemplatesSubject => {
  const templates = createInMemoryTemplates();
  return { templates, set: templates.set, goAway: () => templates.setUnavailable(true) };
};

const broken = (change: (templates: Templates) => Templates["list"]) => (subject: TemplatesSubject) => ({
  ...subject,
  templates: { list: change(subject.templates) },
});
const listing = (spoil: (listed: readonly TemplateDefinition[]) => readonly TemplateDefinition[]) =>
  broken(
    ({ list }) =>
      (credential) =>
        list(credential).map(spoil),
  );

describeTemplatesContract({ name: "in-memory templates", setup });

describeSabotage(templatesContract, {
  setup,
  sabotages: {
    "Returns every template of the credential's account": [
      listing((listed) => listed.slice(0, 400)),
      broken(
        ({ list }) =>
          (credential: AccountCredential) =>
            list(credential).andThen((own) =>
              list({ ...credential, wabaId: "102290129340399" }).map((others) => [...own, ...others]),
            ),
      ),
    ],
    "in each of its languages and whatever its status": [
      listing((listed) => listed.filter(({ status }) => status === "APPROVED" || status === "PAUSED")),
      listing((listed) => listed.map((one) => (one.language === "id" ? { ...one, language: "en" } : one))),
      listing((listed) =>
        listed.map((one) => (one.parameterFormat === "NAMED" ? { ...one, parameterFormat: "POSITIONAL" } : one)),
      ),
    ],
    "as it is now": broken(({ list }) => {
      const known = new Map<string, readonly TemplateDefinition[]>();
      return (credential) => {
        const first = known.get(credential.wabaId);
        return first ? okAsync(first) : list(credential).andTee((listed) => void known.set(credential.wabaId, listed));
      };
    }),
    "A list that is not complete is `Unavailable`": [
      broken(
        ({ list }) =>
          (credential) =>
            list(credential).orElse(() => okAsync([])),
      ),
      broken(
        ({ list }) =>
          (credential) =>
            list(credential).mapErr((error) => ({
              ...error,
              reason: `${error.reason}, with ${credential.accessToken.reveal()}`,
            })),
      ),
    ],
  },
});
