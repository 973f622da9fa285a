import type { ComponentChildren, JSX } from 'preact';
import { common } from '../i18n/common';
import { useText } from '../i18n';
import { Button } from './button';
import { Notice } from './notice';
import { Page } from './page';
import { Skeleton } from './progress';

/** An election's page while its data are on their way. */
export function Opening(): JSX.Element {
  const t = useText(common);
  return (
    <Page title={t('opening.loading')} wide>
      <Skeleton label={t('opening.loading')} lines={8} />
    </Page>
  );
}

/** A page that cannot be shown: why, what the program said of it, and a way to try again. */
export function NotOpened({ title, alarm = false, detail, onAgain, children }: { title: string; alarm?: boolean; detail?: string | undefined; onAgain: () => void; children?: ComponentChildren }): JSX.Element {
  const t = useText(common);
  return (
    <Page title={title}>
      {(children !== undefined || detail !== undefined) && (
        <Notice kind={alarm ? 'danger' : 'warning'} live="alert">
          {children}
          {detail !== undefined && (
            <p>
              <code>{detail}</code>
            </p>
          )}
        </Notice>
      )}
      <div class="row">
        <Button onClick={onAgain}>{t('opening.again')}</Button>
      </div>
    </Page>
  );
}

/** An election's page whose data did not come. */
export function NoElection({ why, onAgain }: { why: 'not-found' | 'unreachable'; onAgain: () => void }): JSX.Element {
  const t = useText(common);
  return (
    <NotOpened title={t(`opening.${why}`)} onAgain={onAgain}>
      <p>{t(`opening.${why}.body`)}</p>
    </NotOpened>
  );
}
