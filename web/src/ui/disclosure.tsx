import type { ComponentChildren, JSX } from 'preact';
import './disclosure.css';

/** More for who wants it; the browser's own disclosure. */
export function Disclosure({ summary, children, open }: { summary: ComponentChildren; children: ComponentChildren; open?: boolean }): JSX.Element {
  return (
    <details class="disclosure" open={open}>
      <summary>{summary}</summary>
      <div class="stack">{children}</div>
    </details>
  );
}
