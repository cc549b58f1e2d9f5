/** Where a function lives. */
interface CallFrame {
  readonly functionName: string;
  readonly url: string;
}

/** V8's names for what is no function of JavaScript. */
const special = new Map([
  ["(garbage collector)", "garbage collector"],
  ["(program)", "V8 and libuv"],
  ["(root)", "V8 and libuv"],
  ["(idle)", undefined],
]);

/** The part of the program that a function belongs to: a folder of ours, a dependency, or Node. Nothing for idle time and for the profiler. */
export function partOf({ functionName, url }: CallFrame): string | undefined {
  if (url === "") return special.has(functionName) ? special.get(functionName) : nativePart(functionName);
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined && !dependency.startsWith("@message-sender/")) return dependency;
  const [, name, folder] = /packages\/([^/]+)\/(?:src|dist)\/([^/]+(?:\/[^/.]+(?=\/))?)/.exec(url) ?? [];
  if (name !== undefined) return `${name}/${folder?.replace(/\.[jt]s$/, "")}`;
  return url.startsWith("node:") ? nodePart(url) : "the bench";
}

/** Functions of Node in C++ that make a system call have the name of a write or a read. */
function nativePart(name: string): string {
  if (/^(?:write|shutdown|read)/.test(name)) return "writes to sockets";
  return name === "runMicrotasks" ? "microtasks" : "V8 and libuv";
}

/** Nothing for what records the profile. */
function nodePart(url: string): string | undefined {
  if (/inspector/.test(url)) return undefined;
  const [name] = /http|stream|timers|task_queues|net|events|buffer/.exec(url) ?? ["other"];
  return name === "task_queues" ? "microtasks" : `node:${name}`;
}
