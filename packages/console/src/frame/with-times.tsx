import { type Html, Time } from "@message-sender/pages";

const isoTime = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

/** A text of the sender, such as why a message waits. Its times look as all times of a page do, in the reader's zone. */
export function WithTimes({ text }: { text: string }): Html {
  return <>{text.split(isoTime).map((part, index) => (index % 2 === 1 ? <Time at={new Date(part)} /> : part))}</>;
}
