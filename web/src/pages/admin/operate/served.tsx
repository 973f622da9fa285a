import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { useServedPages } from '../../../app/served';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Hash } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { Section } from '../../../ui/page';
import { api } from '../session';
import { E, type Face, type Office } from './core/office';
import { Points } from './points';
import { ReasonDialog } from './reason-dialog';

/** Whether this server sends the pages that were announced; if not, the old ones come back or, while voting goes on, the commission signs which are right now. */
export function ServedPages({ office, face, runs, onDone }: { office: Office; face: Face; runs: boolean; onDone: () => void }): JSX.Element | null {
  const t = useText(texts);
  const [asking, setAsking] = useState(false);
  const served = useServedPages();
  const announced = face.assets.current;
  // Elections that announced no pages have none to change.
  if (typeof announced !== 'string' || served === undefined) return null;
  return (
    <Section title={t('pages')}>
      {served === null && (
        <Notice kind="warning">
          <p>{t('pages.unknown')}</p>
        </Notice>
      )}
      {served === announced && (
        <Notice kind="success">
          <p>{t('pages.same')}</p>
          <Hash value={announced} label={t('pages.announced')} />
        </Notice>
      )}
      {served !== null && served !== announced && (
        <Notice kind="danger" live="alert" title={t('pages.other')}>
          <p>{t(face.phase === 'open' ? 'pages.other.body' : 'pages.other.restore')}</p>
          <Hash value={announced} label={t('pages.announced')} />
          <Hash value={served} label={t('pages.served')} />
          {runs && face.phase === 'open' && (
            <div class="row">
              <Button kind="danger" onClick={() => setAsking(true)}>
                {t('pages.do')}
              </Button>
            </div>
          )}
        </Notice>
      )}
      <ReasonDialog
        open={asking}
        title={t('pages.dialog')}
        label={t('pages.do')}
        kind="danger"
        onClose={() => setAsking(false)}
        done={t('pages.done')}
        onDo={async (reason) => {
          await data(api.POST(`${E}/assets`, { params: { path: office.path }, body: { hash: served ?? '', reason } }));
          onDone();
        }}
      >
        <Points points={[t('pages.will.checked'), t('pages.will.public'), t('pages.will.never')]} />
      </ReasonDialog>
    </Section>
  );
}
