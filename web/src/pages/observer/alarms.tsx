import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { observer as texts } from '../../i18n/observer';
import { useFormat, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Disclosure } from '../../ui/disclosure';
import { Notice } from '../../ui/notice';
import { saveFile } from '../booth/hooks';
import { type Evidence, evidenceFile, nameOf, type Side } from './core/evidence';
import type { Watch, Watched } from './core/watch';

/** Evidence against the log, and what it signed too much to be compared: stays until the visitor removes it. */
export function Alarms({ watch, state: { evidence, evidenceKept, unconfirmed } }: { watch: Watch; state: Watched }): JSX.Element {
  const t = useText(texts);
  return (
    <>
      {evidence.map((one) => (
        <Alarm key={nameOf(one)} evidence={one} unconfirmed={unconfirmed.notes} kept={evidenceKept} onRemove={() => watch.dismiss(one)} />
      ))}
      {unconfirmed.dropped > 0 && (
        <Notice kind="warning" live="alert" title={t('dropped')}>
          <p>{t('dropped.body', { n: unconfirmed.dropped })}</p>
          <div class="row">
            <Button size="small" onClick={() => watch.dismissDropped()}>
              {t('dropped.done')}
            </Button>
          </div>
        </Notice>
      )}
    </>
  );
}

function Alarm({ evidence, unconfirmed, kept, onRemove }: { evidence: Evidence; unconfirmed: readonly string[]; kept: boolean; onRemove: () => void }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const [asking, setAsking] = useState(false);
  const { kind, at, first, second, detail } = evidence;
  const save = (): void => {
    const { name, text } = evidenceFile(evidence, unconfirmed);
    saveFile(name, text, 'application/json');
  };
  const elsewhere = kind === 'elsewhere';
  return (
    <Notice kind="danger" live="alert" title={t(`alarm.${kind}`)}>
      <p>{t(`alarm.${kind}.body`)}</p>
      <p class="soft small">
        {t('alarm.when', { when: format.dateTime(new Date(at)) })} · {t(kept ? 'alarm.kept' : 'alarm.not-kept')}
      </p>
      <Disclosure summary={t('alarm.what')}>
        <div class="observer-two">
          <EvidenceSide title={t(elsewhere ? 'alarm.here' : 'alarm.first')} side={first} />
          <EvidenceSide title={t(elsewhere ? 'alarm.given' : 'alarm.second')} side={second} />
        </div>
        <p class="small" lang="en">
          {detail}
        </p>
      </Disclosure>
      <div class="row">
        <Button icon="download" onClick={save}>
          {t('alarm.download')}
        </Button>
        <Button kind="quiet" onClick={() => setAsking(true)}>
          {t('alarm.remove')}
        </Button>
      </div>
      <Dialog
        open={asking}
        title={t('alarm.remove.title')}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button kind="danger" onClick={onRemove}>
              {t('alarm.remove')}
            </Button>
            <Button onClick={() => setAsking(false)}>{t('alarm.remove.keep')}</Button>
          </>
        }
      >
        <p>{t('alarm.remove.body')}</p>
      </Dialog>
    </Notice>
  );
}

function EvidenceSide({ title, side: { size, root, note } }: { title: string; side: Side }): JSX.Element {
  const t = useText(texts);
  return (
    <div class="stack stack-s">
      <p>
        <strong>{title}</strong>: {t('alarm.entries', { n: size })}
      </p>
      {note === null ? (
        <>
          <code class="observer-root">{root}</code>
          <p class="small">{t('alarm.unsigned')}</p>
        </>
      ) : (
        <pre class="observer-pre">{note}</pre>
      )}
    </div>
  );
}
