import { Code, type Html } from "@message-sender/pages";

/** Headers, line by line. */
export function Headers({ of }: { of: Readonly<Record<string, unknown>> }): Html {
  const headers = Object.entries(of).filter(([, value]) => value !== undefined);
  return (
    <dl class="headers">
      {headers.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{Array.isArray(value) ? value.join(", ") : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A body, once as it can be read and once as it was: byte by byte. */
export function Bytes({ id, text, label }: { id: string; text: string; label: string }): Html {
  const pretty = prettyOf(text);
  if (pretty === undefined || pretty === text) return <Code id={id} text={text} label={label} />;
  return (
    <>
      <Code id={`${id}-pretty`} text={pretty} label={`${label}, laid out`} />
      <details class="more" id={`${id}-raw`}>
        <summary>As they are: {Buffer.byteLength(text)} bytes</summary>
        <Code id={id} text={text} label={label} />
      </details>
    </>
  );
}

function prettyOf(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}
