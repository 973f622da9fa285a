import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hasNavigated } from '../app/router';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { classes } from './class';
import './page.css';

/**
 * A page's or a step's heading. It names the window and, when the reader came here from inside the page, takes the
 * focus, so that screen readers and keyboards start at the top. `step` counts up as steps change without the address.
 */
export function PageHeading({ children, title, step = 0 }: { children?: ComponentChildren; title: string; step?: number | string }): JSX.Element {
  const t = useText(common);
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${title} – ${t('app.name')}`;
  }, [title, t]);
  useEffect(() => {
    if (!first.current || hasNavigated()) heading.current?.focus();
    first.current = false;
  }, [step]);
  return (
    <h1 ref={heading} tabIndex={-1} class="page-heading">
      {children ?? title}
    </h1>
  );
}

/** The body of a page: its heading, an optional line above and lead below, and content in a comfortable column. */
export function Page({ title, above, lead, wide = false, step, children }: { title: string; above?: ComponentChildren; lead?: ComponentChildren; wide?: boolean; step?: number | string; children: ComponentChildren }): JSX.Element {
  return (
    <div class={classes('page', wide && 'page-wide')}>
      {above}
      <div class="stack stack-s">
        <PageHeading title={title} step={step ?? 0} />
        {lead !== undefined && <p class="lead">{lead}</p>}
      </div>
      {children}
    </div>
  );
}

/** A titled part of a page. */
export function Section({ title, children, actions }: { title: string; children: ComponentChildren; actions?: ComponentChildren }): JSX.Element {
  return (
    <section class="stack section">
      <div class="row row-apart">
        <h2>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}
