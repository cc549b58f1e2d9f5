import { ConsolePage } from "./console-page.tsx";

interface ProblemPageProps {
  readonly title: string;
  readonly detail: string;
}

/** Says why there is no page, and leads back. */
export function ProblemPage({ title, detail }: ProblemPageProps) {
  return (
    <ConsolePage title={title}>
      <h1>{title}</h1>
      <p>{detail}</p>
      <p>
        <a href="/console">Back to the console</a>
      </p>
    </ConsolePage>
  );
}
