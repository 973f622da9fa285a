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
