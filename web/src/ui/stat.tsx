import type { ComponentChildren, JSX } from 'preact';
import './stat.css';

/** Numbers that matter, side by side. */
export function Stats({ children }: { children: ComponentChildren }): JSX.Element {
  return <dl class="stats">{children}</dl>;
}

/** One number with its name; inside `Stats`. */
export function Stat({ label, value, detail }: { label: string; value: ComponentChildren; detail?: ComponentChildren }): JSX.Element {
  return (
    <div class="stat">
      <dt>{label}</dt>
      <dd class="stat-value numeric">{value}</dd>
      {detail !== undefined && <dd class="stat-detail">{detail}</dd>}
    </div>
  );
}

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
