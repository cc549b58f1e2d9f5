/**
 * The console: pages that show what the service is doing, and what happened to one message.
 *
 * @module @message-sender/console
 */
export type { ConsoleContext, ConsoleRequest, Form } from "./console-context.ts";
export { type Console, type ConsoleOptions, createConsole } from "./create-console.ts";
export type {
  HourOfMetrics,
  NumberReport,
  NumberUnknown,
  ProcessReport,
  SandboxFault,
  SandboxView,
  ServiceView,
  Slot,
} from "./service/service-view.ts";
export type { SessionSecret } from "./sign-in/sealed-session.ts";
export type { Visitor } from "./console-visitor.ts";
