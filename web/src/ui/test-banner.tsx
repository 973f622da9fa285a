import type { JSX } from 'preact';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { Icon } from './icon';
import './shell.css';

/** Above everything of a test election, on paper too; nothing where it is a real one. */
export function TestBanner({ test }: { test: boolean }): JSX.Element | null {
  const t = useText(common);
  if (!test) return null;
  return (
    <p class="test-banner">
      <Icon name="test" />
      {t('test.banner')}
    </p>
  );
}
