import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { observer as texts } from '../../i18n/observer';
import { useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { TextField } from '../../ui/field';
import { CopyButton } from '../../ui/hash';
import { Notice } from '../../ui/notice';

/** The key of the log and who named it: everything on this page stands on it. */
export function KeyCard({ vkey, given, server, onKey }: { vkey: string; given: boolean; server: string; onKey: (vkey: string, given: boolean) => void }): JSX.Element {
  const t = useText(texts);
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  return (
    <section class="card stack" aria-labelledby="observer-key">
      <h2 id="observer-key">{t('key')}</h2>
      <pre class="observer-pre" translate={false}>
        {vkey}
      </pre>
      <div class="row">
        <CopyButton text={vkey} />
      </div>
      <p>
        {t(given ? 'key.given' : 'key.server')} {given && server === vkey && t('key.same')}
      </p>
      {server !== vkey && (
        <Notice kind={given ? 'warning' : 'danger'} live="alert" title={t('key.changed')}>
          <p>{t('key.changed.body')}</p>
          <pre class="observer-pre" translate={false}>
            {server}
          </pre>
        </Notice>
      )}
      <Disclosure summary={t('key.other')}>
        <form
          class="stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setMissing(text.trim() === '');
            if (text.trim() !== '') onKey(text.trim(), true);
          }}
        >
          <TextField label={t('key.field')} hint={t('key.hint')} value={text} onInput={setText} error={missing ? t('key.missing') : null} spellcheck={false} autoComplete="off" autoCapitalize="off" />
          <div class="row">
            <Button type="submit">{t('key.use')}</Button>
            {(given || server !== vkey) && (
              <Button kind="quiet" onClick={() => onKey(server, false)}>
                {t('key.reset')}
              </Button>
            )}
          </div>
        </form>
      </Disclosure>
    </section>
  );
}
