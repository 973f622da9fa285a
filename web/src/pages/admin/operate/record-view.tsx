import type { ComponentChildren, JSX } from 'preact';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/progress';
import type { Loaded } from '../../home/load';
import type { Record } from './core/record';

/** The record once it is there; before that, that it is coming or why it is not. */
export function RecordView({ record: { loaded, again }, children }: { record: Record; children: (ready: Extract<Loaded, { state: 'ready' }>) => ComponentChildren }): JSX.Element {
  const t = useText(texts);
  switch (loaded.state) {
    case 'loading':
      return <Skeleton label={t('loading')} lines={8} />;
    case 'failed':
      return (
        <Notice kind={loaded.why === 'bad-record' ? 'danger' : 'warning'} title={t(`record.${loaded.why}`)} live="alert">
          {loaded.why === 'bad-record' && (
            <p>
              <code>{loaded.detail}</code>
            </p>
          )}
          <div class="row">
            <Button size="small" onClick={again}>
              {t('again')}
            </Button>
          </div>
        </Notice>
      );
    case 'ready':
      return <>{children(loaded)}</>;
  }
}
