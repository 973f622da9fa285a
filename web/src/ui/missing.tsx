import type { JSX } from 'preact';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { ButtonLink } from './button';
import { Page } from './page';

/** Where no page answers the address. */
export function Missing({ home = '/' }: { home?: string }): JSX.Element {
  const t = useText(common);
  return (
    <Page title={t('missing.title')} lead={t('missing.body')}>
      <div class="row">
        <ButtonLink to={home} icon="left">
          {t('app.home')}
        </ButtonLink>
      </div>
    </Page>
  );
}
