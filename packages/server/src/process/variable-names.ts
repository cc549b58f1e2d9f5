import type { OptionNames } from "../open-service.ts";
import type { ServiceOptions } from "../service-options.ts";

const variables: Partial<Record<keyof ServiceOptions, string>> = {
  databaseUrl: "DATABASE_URL",
  tenantsFile: "TENANTS_FILE",
  apiKeysFile: "API_KEYS_FILE",
  errorRulesFile: "ERROR_RULES_FILE",
};

/** The errors of `message-sender serve` name environment variables. */
export const variableNames: OptionNames = {
  nameOf: (option) => variables[option] ?? option,
  noTenants:
    "set TENANT_SERVICE_URL or TENANTS_FILE (message-sender init writes one), or use serve --sandbox to try it out",
};
