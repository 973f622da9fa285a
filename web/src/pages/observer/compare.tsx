import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { observer as texts } from '../../i18n/observer';
import { useFormat, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { TextArea, TextField } from '../../ui/field';
import { FileDrop } from '../../ui/file-drop';
import { Notice } from '../../ui/notice';
import { Section } from '../../ui/page';
import { OperationError } from '../../wasm/ops';
import { checkpointIn, isRoot, rootBase64 } from './core/note';
import { type Comparison, troubleOf, type Watch, type Watched } from './core/watch';

/** Whether others saw the same record. */
export function CompareTab({ watch, state }: { watch: Watch; state: Watched }): JSX.Element {
  const t = useText(texts);
  if (state.shown === null || state.stage === 'large') return <p class="soft">{t('compare.early')}</p>;
  return (
    <div class="stack">
      <p>{t('compare.lead')}</p>
      {state.comparisons.length > 0 && (
        <Section title={t('compare.results')}>
          {[...state.comparisons].reverse().map((one) => (
            <Outcome key={`${String(one.given.size)} ${one.given.root}`} comparison={one} />
          ))}
        </Section>
      )}
      <div class="observer-two">
        <TypedRoot watch={watch} />
        <Pasted watch={watch} />
      </div>
    </div>
  );
}

const KINDS = { equal: 'success', extends: 'success', ahead: 'info', split: 'danger', spoilt: 'warning' } as const;

function Outcome({ comparison: { given, outcome } }: { comparison: Comparison }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  return (
    <Notice kind={KINDS[outcome]} live={outcome === 'split' ? 'alert' : 'status'}>
      <p>
        <strong>{t(`compare.${outcome}`)}</strong>
      </p>
      <p class="small">
        {t('compare.size')}: <span class="numeric">{format.number(given.size)}</span> · <code class="observer-root">{given.root}</code>
      </p>
    </Notice>
  );
}

function TypedRoot({ watch }: { watch: Watch }): JSX.Element {
  const t = useText(texts);
  const [[size, root], setTyped] = useState(['', '']);
  const [looked, setLooked] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  // Numbers are copied with their separators.
  const number = size.replace(/[,\s]/g, '');
  const badSize = !/^[1-9]\d{0,15}$/.test(number);
  const badRoot = !isRoot(root.replace(/\s/g, ''));
  const compare = async (): Promise<void> => {
    setLooked(true);
    setFailed(null);
    if (badSize || badRoot) return;
    try {
      await watch.compare({ size: Number(number), root: rootBase64(root.replace(/\s/g, '')), note: null });
      setLooked(false);
      setTyped(['', '']);
    } catch (error) {
      const trouble = troubleOf(error);
      setFailed('detail' in trouble ? trouble.detail : t(`trouble.${trouble.why}`));
    }
  };
  return (
    <form
      class="card stack"
      noValidate
      aria-label={t('compare.typed')}
      onSubmit={(event) => {
        event.preventDefault();
        void compare();
      }}
    >
      <h3>{t('compare.typed')}</h3>
      <TextField label={t('compare.size')} value={size} onInput={(value) => setTyped([value, root])} inputMode="numeric" error={looked && badSize ? t('compare.size.wrong') : null} autoComplete="off" />
      <TextField label={t('compare.root')} hint={t('compare.root.hint')} value={root} onInput={(value) => setTyped([size, value])} error={looked && badRoot ? t('compare.root.wrong') : failed} autoComplete="off" spellcheck={false} autoCapitalize="off" />
      <div class="row">
        <Button type="submit">{t('compare.do')}</Button>
      </div>
    </form>
  );
}

function Pasted({ watch }: { watch: Watch }): JSX.Element {
  const t = useText(texts);
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const compare = async (given: string): Promise<void> => {
    const note = checkpointIn(given);
    setWrong(note === null ? t('compare.text.wrong') : null);
    if (note === null) return;
    try {
      await watch.compareNote(note);
      setText('');
      setFile(null);
    } catch (error) {
      const trouble = troubleOf(error);
      if (error instanceof OperationError && error.code === 'checkpoint') setWrong(t('compare.not-signed'));
      else setWrong('detail' in trouble ? trouble.detail : t(`trouble.${trouble.why}`));
    }
  };
  const take = async (chosen: File | null): Promise<void> => {
    setFile(chosen);
    if (chosen !== null) await compare(await chosen.text());
  };
  return (
    <form
      class="card stack"
      noValidate
      aria-label={t('compare.paste')}
      onSubmit={(event) => {
        event.preventDefault();
        void compare(text);
      }}
    >
      <h3>{t('compare.paste')}</h3>
      <FileDrop label={t('compare.file')} file={file} onFile={(chosen) => void take(chosen)} optional />
      <TextArea label={t('compare.text')} hint={t('compare.text.hint')} value={text} onInput={setText} rows={5} error={wrong} optional />
      <div class="row">
        <Button type="submit">{t('compare.do')}</Button>
      </div>
    </form>
  );
}
