import type { ComponentChildren, JSX } from 'preact';
import './summary-list.css';

/** Names and values, each with an action such as a link to change it. */
export interface SummaryRow {
  key: string;
  label: ComponentChildren;
  value: ComponentChildren;
  action?: ComponentChildren;
}

/** A list of answers to review. */
export function SummaryList({ rows }: { rows: readonly SummaryRow[] }): JSX.Element {
  return (
    <dl class="summary">
      {rows.map(({ key, label, value, action }) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd class="summary-value">{value}</dd>
          {action !== undefined && <dd class="summary-action">{action}</dd>}
        </div>
      ))}
    </dl>
  );
}
