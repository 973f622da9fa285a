import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Link } from '../app/router';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { DisplayMenu } from './display-menu';
import { Toasts } from './toast';
import './shell.css';

/** The mark of the ballot stamp: a circle with 卜, as on every Korean ballot paper. */
function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="13" />
      <path d="M14.2 7.5v17M14.2 13.2l7 4.6" />
    </svg>
  );
}

/**
 * What surrounds every page: skip link, top bar with navigation and display menu, footer, and the
 * live region for messages.
 */
export function Shell({ children, home = '/', name, nav, wide = false }: { children: ComponentChildren; home?: string; name?: string; nav?: ComponentChildren; wide?: boolean }): JSX.Element {
  const t = useText(common);
  const main = useRef<HTMLElement>(null);
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          // The address is left alone: what follows # in it is read by pages as a link of their own.
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('app.skip')}
      </a>
      <header class="top-bar">
        <div class={wide ? 'top-bar-inner top-bar-wide' : 'top-bar-inner'}>
          <Link class="brand" to={home}>
            <Mark />
            <span>{name ?? t('app.name')}</span>
          </Link>
          {nav}
          <DisplayMenu />
        </div>
      </header>
      <main ref={main} id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="footer">
        <div>
          <p>
            <strong>{t('app.name')}</strong> · {t('app.tagline')}
          </p>
          <p>{t('app.footer')}</p>
        </div>
      </footer>
      <Toasts />
    </div>
  );
}
