import type { MessageSender, MessageSenderPorts } from "@message-sender/core";
import type { RateLimited, Store, Submitted } from "@message-sender/core/adapter";
import type { ResultAsync } from "neverthrow";

/** What a method's result can fail with. */
type ErrorOf<F> = F extends (...parameters: never[]) => ResultAsync<unknown, infer E> ? E : never;

/** The methods of an interface whose result can fail, each with its error. */
type FailingMethods<I> = {
  [M in keyof I as [ErrorOf<NonNullable<I[M]>>] extends [never] ? never : M]-?: ErrorOf<NonNullable<I[M]>>;
};

/** The methods of a sender that answer with an error, each with its union. */
export type SenderErrors = FailingMethods<MessageSender>;
export type Operation = keyof SenderErrors;
export type SenderError = SenderErrors[Operation];

/** The methods that answer with an error of this kind. */
type OperationsOf<K> = { [O in Operation]: K extends SenderErrors[O]["kind"] ? O : never }[Operation];

export type SenderErrorRows = {
  readonly [K in SenderError["kind"]]: {
    readonly when: string;
    readonly whatToDo: string;
    readonly from: Readonly<Record<OperationsOf<K>, true>>;
  };
};

type Ports = Required<MessageSenderPorts> & Store;

/** Every error of a port. The pacer's is generic, tracing has none of its own; a transport and read receipts give outcomes, which never fail. */
export type PortError =
  | AllOf<Exclude<keyof Ports, "pacer" | "tracing">>
  | RateLimited
  | Exclude<Submitted, { kind: "Accepted" }>;
type AllOf<P extends keyof Ports> = P extends unknown ? ValuesOf<FailingMethods<Ports[P]>> : never;
type ValuesOf<T> = T[keyof T];

export type PortErrorRows = {
  readonly [K in PortError["kind"]]: {
    readonly ports: string;
    readonly when: string;
    readonly thenTheSender: string;
  };
};
