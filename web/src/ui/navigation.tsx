import type { JSX } from 'preact';
import { Link } from '../app/router';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { Button } from './button';
import './navigation.css';

export interface Crumb {
  label: string;
  /** The last one, the page itself, has none. */
  to?: string;
}

/** The way here from the start. */
export function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }): JSX.Element {
  const t = useText(common);
  return (
    <nav class="crumbs" aria-label={t('crumbs.label')}>
      <ol>
        {crumbs.map(({ label, to }) => (
          <li key={label}>{to === undefined ? <span aria-current="page">{label}</span> : <Link to={to}>{label}</Link>}</li>
        ))}
      </ol>
    </nav>
  );
}

/** Pages of a long list; `page` counts from 1. */
export function Pagination({ page, pages, onChange, label }: { page: number; pages: number; onChange: (page: number) => void; label: string }): JSX.Element | null {
  const t = useText(common);
  if (pages <= 1) return null;
  return (
    <nav class="pagination" aria-label={label}>
      <Button size="small" icon="left" disabled={page <= 1} onClick={() => onChange(page - 1)}>
        {t('pages.previous')}
      </Button>
      <span class="numeric" aria-live="polite">
        {t('pages.of', { n: page, of: pages })}
      </span>
      <Button size="small" icon="right" disabled={page >= pages} onClick={() => onChange(page + 1)}>
        {t('pages.next')}
      </Button>
    </nav>
  );
}

export interface NavItem {
  label: string;
  to: string;
  current?: boolean;
}

/** Links of the top bar or of a section. */
export function NavList({ items, label }: { items: readonly NavItem[]; label: string }): JSX.Element {
  return (
    <nav class="nav-list" aria-label={label}>
      <ul>
        {items.map(({ label: name, to, current }) => (
          <li key={to}>
            <Link to={to} aria-current={current === true ? 'page' : undefined}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
