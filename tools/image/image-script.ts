import { type Instruction, type Stage, textsOf } from "./dockerfile.ts";

/** Where the script finds what an image has from its base. */
export interface Places {
  readonly source: string;
  readonly scratch: string;
  /** A file with the names of the build context's files. */
  readonly list: string;
  readonly node: string;
  /** The folder of npm. */
  readonly npm: string;
}

/** A script for bash that runs the stages and tries the image. It must run in a mount namespace of its own. */
export function imageScript(stages: readonly Stage[], places: Places): string {
  const roots = new Map(stages.map((stage, index) => [stage.name ?? "last", `${places.scratch}/stage-${index}`]));
  const last = stages.at(-1);
  if (!last) throw new Error("The Dockerfile has no stage.");
  return [
    "set -euo pipefail",
    "mount --make-rprivate /",
    ...stages.flatMap((stage) => stageSteps(stage, roots, places)),
    ...trial(last, rootOf(roots, "last")),
  ].join("\n");
}

function rootOf(roots: ReadonlyMap<string, string>, name: string): string {
  const root = roots.get(name);
  if (root === undefined) throw new Error(`There is no stage ${name}.`);
  return root;
}

function stageSteps(stage: Stage, roots: ReadonlyMap<string, string>, places: Places): readonly string[] {
  const root = rootOf(roots, stage.name ?? "last");
  let folder = "/";
  const steps = stage.instructions.flatMap((instruction) => {
    if (instruction.name === "WORKDIR") folder = instruction.text;
    return stepsOf(instruction, { root, folder, roots, places });
  });
  return [...base(root, places), ...steps];
}

interface Step {
  readonly root: string;
  readonly folder: string;
  readonly roots: ReadonlyMap<string, string>;
  readonly places: Places;
}

function stepsOf({ name, text }: Instruction, { root, folder, roots, places }: Step): readonly string[] {
  const say = `echo ${quoted(`${name} ${text}`.slice(0, 100))}`;
  switch (name) {
    case "WORKDIR":
      return [`mkdir -p ${root}${text}`];
    case "RUN":
      return [say, `chroot ${root} /bin/sh -ec ${quoted(`cd ${folder}; ${text}`)}`];
    case "COPY": {
      const [, from, what = "", to = ""] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(text) ?? [];
      if (from !== undefined) return [say, `cp -a ${rootOf(roots, from)}${what} ${root}${to}`];
      if (text !== ". .") throw new Error(`This script cannot do COPY ${text}`);
      return [say, `tar -C ${places.source} --null -T ${places.list} -cf - | tar -C ${root}${folder} -xf -`];
    }
    default:
      return [];
  }
}

/** The system's own programs and libraries, which a step may read but not change, and a copy of Node as its image has it. */
function base(root: string, { node, npm }: Places): readonly string[] {
  const modules = `${root}/usr/local/lib/node_modules`;
  return [
    `mkdir -p ${root}/{usr,etc,tmp,dev,proc,root,home/node,var} ${modules} ${root}/usr/local/bin`,
    `for name in bin sbin lib lib64; do ln -s usr/$name ${root}/$name; done`,
    `for name in bin sbin lib lib64; do mkdir ${root}/usr/$name; mount --bind /usr/$name ${root}/usr/$name; mount -o remount,bind,ro ${root}/usr/$name; done`,
    `mount --rbind /dev ${root}/dev; mount --bind /proc ${root}/proc`,
    `for name in ssl hosts resolv.conf nsswitch.conf ca-certificates npmrc; do if [ -e /etc/$name ]; then cp -rL /etc/$name ${root}/etc/; fi; done`,
    `printf 'root:x:0:0::/root:/bin/sh\\nnode:x:1000:1000::/home/node:/bin/sh\\n' > ${root}/etc/passwd`,
    `printf 'root:x:0:\\nnode:x:1000:\\n' > ${root}/etc/group`,
    `chmod 1777 ${root}/tmp; chmod 755 ${root}`,
    `cp ${node} ${root}/usr/local/bin/node; cp -r ${npm} ${modules}/npm`,
    `ln -s ../lib/node_modules/npm/bin/npm-cli.js ${root}/usr/local/bin/npm; ln -s ../lib/node_modules/npm/bin/npx-cli.js ${root}/usr/local/bin/npx`,
  ];
}

/** Runs the server as the image does, and asks its own health check. */
function trial(last: Stage, root: string): readonly string[] {
  const variables = `PATH=/usr/local/bin:/usr/bin:/bin ${textsOf(last, "ENV").join(" ")} PORT=38217`;
  const folder = textsOf(last, "WORKDIR").at(-1) ?? "/";
  const run = (command: string) =>
    `chroot --userspec=node:node ${root} /usr/bin/env -i ${variables} sh -ec ${quoted(`cd ${folder}; ${command}`)}`;
  const [health = ""] = textsOf(last, "HEALTHCHECK");
  const check = (JSON.parse(health.slice(health.indexOf("["))) as string[]).map(quoted).join(" ");
  return [
    `mount --rbind ${root} ${root}; mount --bind ${root}${folder} ${root}${folder}; mount -o remount,bind,ro ${root}`,
    run("message-sender --version"),
    run(
      "test ! -e /usr/local/bin/npm && test ! -e /usr/local/lib/node_modules && ! touch /app/x 2>/dev/null && ! touch /tmp/x 2>/dev/null",
    ),
    run("message-sender init"),
    run("message-sender keys create --name first --all-tenants --scope send,read > /data/key"),
    run("message-sender migrate"),
    `${run("exec message-sender serve --sandbox > /data/log 2>&1")} & server=$!`,
    `for try in $(seq 1 240); do if ${run(check)}; then healthy=yes; break; fi; kill -0 $server 2>/dev/null || break; sleep 0.5; done`,
    `if [ "\${healthy:-}" != yes ]; then cat ${root}/data/log; kill $server || true; exit 1; fi`,
    `kill -TERM $server; wait $server`,
    `echo "the server was healthy, and ended with 0 at SIGTERM"`,
    `du -sh ${root}/app | sed 's/\\t.*/ in \\/app/'`,
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
