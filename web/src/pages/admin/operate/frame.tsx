import type { ComponentChildren, JSX } from 'preact';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { EmptyState } from '../../../ui/timeline';
import { Page } from '../../../ui/page';
import type { Loaded } from './core/load';
import type { Face } from './core/office';
import { Trouble } from './trouble';
import './operate.css';

/** A page of an approved election; before the approval it only says so. */
export function OperatePage({ face, title, lead, step = 0, children }: { face: Loaded<Face>; title: string; lead?: ComponentChildren; step?: string | number; children: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  const missing = face.value === null && face.error?.name === 'Problem';
  return (
    <Page title={title} lead={lead} wide step={step}>
      {missing ? (
        <EmptyState title={t('not-approved')}>{t('not-approved.body')}</EmptyState>
      ) : (
        <>
          <Trouble error={face.error} onAgain={() => void face.reload()} />
          {children}
        </>
      )}
    </Page>
  );
}
