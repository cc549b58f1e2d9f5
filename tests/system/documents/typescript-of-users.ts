import { join } from "node:path";

import { root } from "../../../tools/readmes/examples.ts";

/** The `tsconfig.json` of a folder with examples: strict, and against the built declarations, as a user has them. */
export const typescriptConfig = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: {
    composite: false,
    noEmit: true,
    declaration: false,
    declarationMap: false,
    tsBuildInfoFile: null,
    customConditions: [],
  },
  include: ["*.ts"],
};
