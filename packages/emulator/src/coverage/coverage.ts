import { controlCoverage } from "./coverage-control.ts";
import type { CoverageEntry } from "./coverage-entry.ts";
import { graphCoverage } from "./coverage-graph.ts";
import { managementCoverage } from "./coverage-management.ts";
import { serviceCoverage } from "./coverage-services.ts";

/** What the emulator supports, and what it does not support yet, route by route. */
export const coverage: readonly CoverageEntry[] = [
  ...graphCoverage,
  ...managementCoverage,
  ...serviceCoverage,
  ...controlCoverage,
];
