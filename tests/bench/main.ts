const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  const { compareSubjects } = await import("./compare.ts");
  await compareSubjects();
} else if (command === "profile") {
  const { profileSubjects } = await import("./profile/profile.ts");
  await profileSubjects(args);
} else if (command === "queue") {
  const { compareQueues } = await import("./queue/compare-queues.ts");
  await compareQueues();
} else if (command === "console") {
  const { compareConsoles } = await import("./compare-consoles.ts");
  await compareConsoles();
} else {
  console.error(
    "npm run bench                            compares all subjects\nnpm run bench -- profile [<subject>...]  shows where their time and memory go\nnpm run bench -- queue                   compares our queue with a job for each message in pg-boss and graphile-worker\nnpm run bench -- console                 shows what ten open consoles cost",
  );
  process.exitCode = 2;
}
