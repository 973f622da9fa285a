import type { JSX } from 'preact';
import { match, navigate, type Route, Router, usePath } from '../../app/router';
import { adminSetup as texts } from '../../i18n/admin-setup';
import { useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Missing } from '../../ui/missing';
import { type NavItem, NavList } from '../../ui/navigation';
import { Page } from '../../ui/page';
import { Skeleton } from '../../ui/progress';
import { Shell } from '../../ui/shell';
import { LoginPage } from './login';
import { PasswordPage } from './password';
import { logOut } from './own';
import { can } from './permissions';
import { loadAccount, useAccount, useAccountState } from './session';
import { Trouble } from './trouble';
import './admin.css';

/** The console: log-in first, then its pages. */
export function Console({ routes }: { routes: readonly Route[] }): JSX.Element {
  const found = useAccountState();
  return (
    <Shell home="/admin" wide nav={found.state === 'ready' ? <Nav /> : undefined}>
      <Body routes={routes} />
    </Shell>
  );
}

function Body({ routes }: { routes: readonly Route[] }): JSX.Element {
  const t = useText(texts);
  const found = useAccountState();
  const path = usePath();
  const missing = <Missing home="/admin" />;
  if (!routes.some((route) => match(route.path, path))) return missing;
  switch (found.state) {
    case 'nobody':
      return <LoginPage />;
    case 'loading':
      return (
        <Page title={t('loading')} wide>
          <Skeleton label={t('loading')} lines={6} />
        </Page>
      );
    case 'must-change-password':
      return <PasswordPage first />;
    case 'failed':
      return (
        <Page title={t('trouble.title')}>
          <Trouble error={found.error} again={() => void loadAccount()} />
        </Page>
      );
    case 'ready':
      return <Router routes={routes} missing={missing} />;
  }
}

function Nav(): JSX.Element {
  const t = useText(texts);
  const account = useAccount();
  const path = usePath();
  const items: NavItem[] = [{ label: t('nav.elections'), to: '/admin', current: path === '/admin' || path.startsWith('/admin/e/') || path === '/admin/new' }];
  if (can(account, 'manage-staff')) items.push({ label: t('nav.people'), to: '/admin/people', current: path === '/admin/people' });
  items.push({ label: t('nav.account'), to: '/admin/account', current: path === '/admin/account' });
  return (
    <div class="admin-nav">
      <NavList items={items} label={t('nav.label')} />
      <Button
        kind="quiet"
        onClick={() => {
          // Whoever logs in next begins at the beginning; a session that merely ran out stays where it was.
          void logOut().then(() => navigate('/admin'));
        }}
      >
        {t('nav.logout')}
      </Button>
    </div>
  );
}
