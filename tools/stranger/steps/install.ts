import { join } from "node:path";

import { createEmptyProject } from "../../tarballs/project.ts";
import type { Tarball } from "../../tarballs/pack.ts";
import { root } from "../../readmes/examples.ts";
import { named, replaced, shownLine } from "../documents.ts";
import { run, type Terminal } from "../shell.ts";

const quiet = { npm_config_audit: "false", npm_config_fund: "false" };

/** npm builds what it installs from a folder, with the TypeScript and the configuration of the repository around it. */
const unbuilt = { npm_config_ignore_scripts: "true" };

/** Installs the command in an empty folder, as the README says. Until it is published, the packages come from tarballs. */
export async function install(folder: string, tarballs: readonly Tarball[]): Promise<Terminal> {
  const command = await shownLine("README.md", "npm install @message-sender/cli");
  const files = tarballs.map(({ path }) => path).join(" ");
  return installed(folder, replaced(command, ["@message-sender/cli", files]));
}

/** Installs what the receiver of docs/callbacks.md needs, in a folder of the platform. It comes from the repository. */
export async function installReceiver(folder: string): Promise<Terminal> {
  const command = await named("docs/callbacks.md", "npm install standardwebhooks");
  return installed(
    folder,
    replaced(command, ["standardwebhooks", join(root, "node_modules/standardwebhooks")]),
    unbuilt,
  );
}

/** Other people's packages come in the versions of the lock file, and so out of npm's cache where it has them. */
async function installed(folder: string, command: string, settings: Record<string, string> = {}): Promise<Terminal> {
  await createEmptyProject(root, folder, ["standardwebhooks"]);
  const attempt = (from: Record<string, string>) =>
    run(command, { folder, variables: { ...quiet, ...settings, ...from } });
  await attempt({ npm_config_offline: "true" }).catch(() => attempt({ npm_config_prefer_offline: "true" }));
  return { folder };
}
