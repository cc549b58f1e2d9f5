/**
 * Runs the steps of the Dockerfile without a container engine, each stage in a folder of its own as its root, and then the
 * server of the last one: as its user, with a root that cannot be written. Needs Linux, root, and the right to mount.
 *
 * npm run test:image
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { contextFiles } from "./context-files.ts";
import { parseDockerfile } from "./dockerfile.ts";
import { imageScript } from "./image-script.ts";

const source = fileURLToPath(new URL("../../", import.meta.url));

if (spawnSync("unshare", ["--mount", "true"]).status !== 0) {
  console.log("skipped: the steps of the Dockerfile need Linux and the right to mount");
  process.exit();
}
const scratch = mkdtempSync(join(tmpdir(), "message-sender-image-"));
try {
  const stages = parseDockerfile(readFileSync(join(source, "Dockerfile"), "utf8"));
  const list = join(scratch, "context");
  writeFileSync(list, contextFiles(source).join("\0"));
  const npm = dirname(
    dirname(
      execFileSync("readlink", ["-f", execFileSync("which", ["npm"]).toString().trim()])
        .toString()
        .trim(),
    ),
  );
  const script = join(scratch, "steps.sh");
  writeFileSync(script, imageScript(stages, { source, scratch, list, node: process.execPath, npm }));
  const { status } = spawnSync("unshare", ["--mount", "bash", script], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  // The mounts ended with the namespace, so that only copies are left.
  rmSync(scratch, { recursive: true, force: true });
}
