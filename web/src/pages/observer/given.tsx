import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { observer as texts } from '../../i18n/observer';
import { useFormat, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { TextArea } from '../../ui/field';
import { FileDrop } from '../../ui/file-drop';
import { Section } from '../../ui/page';
import { Badge } from '../../ui/timeline';
import type { ObserverReportView } from '../../wasm/messages';
import type { PublicElection } from '../booth/core/server';
import { Checks } from './checks';
import { type Given, NotReadable, troubleOf, type Watch, type Watched } from './core/watch';

/** The numbered checks; below them, the ballots that check 12 looks for. */
export function ChecksTab({ watch, state, face, board }: { watch: Watch; state: Watched; face: PublicElection; board: string }): JSX.Element {
  return (
    <div class="stack">
      <Checks report={state.report} face={face} board={board} />
      {state.stage !== 'large' && state.shown !== null && state.depth === 'all' && <LookedFor watch={watch} state={state} />}
    </div>
  );
}

function LookedFor({ watch, state: { given, report, stage } }: { watch: Watch; state: Watched }): JSX.Element {
  const t = useText(texts);
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [wrong, setWrong] = useState<{ codes?: string; file?: string }>({});
  const [busy, setBusy] = useState(false);
  const ask = async (): Promise<void> => {
    // A code is one word, however its groups are joined.
    const codes = text.split(/[\s,;]+/).filter((word) => word !== '' && !given.codes.includes(word));
    setWrong(codes.length === 0 && file === null ? { codes: t('given.none') } : {});
    if (codes.length === 0 && file === null) return;
    setBusy(true);
    try {
      const acknowledgements = file === null ? [] : [{ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }];
      await watch.lookFor({ codes: [...given.codes, ...new Set(codes)], acknowledgements: [...given.acknowledgements, ...acknowledgements] });
      setText('');
      setFile(null);
    } catch (error) {
      const trouble = troubleOf(error);
      if (error instanceof NotReadable && error.what === file?.name) setWrong({ file: t('given.wrong.file', { name: error.what }) });
      else setWrong({ codes: error instanceof NotReadable ? t('given.wrong', { code: error.what }) : 'detail' in trouble ? trouble.detail : t(`trouble.${trouble.why}`) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t('given')}>
      <p class="soft">{t('given.lead')}</p>
      <Found given={given} report={report} isRead={stage === 'following' || stage === 'stopped'} />
      <form
        class="card stack"
        noValidate
        aria-label={t('given')}
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <TextArea label={t('given.codes')} hint={t('given.codes.hint')} value={text} onInput={setText} rows={3} error={wrong.codes ?? null} optional />
        <FileDrop label={t('given.file')} hint={t('given.file.hint')} file={file} onFile={setFile} error={wrong.file ?? null} optional />
        <div class="row">
          <Button type="submit" disabled={busy || stage === 'reading'}>
            {t('given.do')}
          </Button>
          {given.codes.length + given.acknowledgements.length > 0 && (
            <Button kind="quiet" onClick={() => void watch.lookFor({ codes: [], acknowledgements: [] })}>
              {t('given.forget')}
            </Button>
          )}
        </div>
      </form>
    </Section>
  );
}

const LOOK = { counted: 'success', superseded: 'info', challenged: 'info', not_counted: 'warning', not_found: 'danger' } as const;

/** What became of each, in the order in which they were given. While the record is read, nothing is said to be missing. */
function Found({ given, report, isRead }: { given: Given; report: ObserverReportView | null; isRead: boolean }): JSX.Element | null {
  const t = useText(texts);
  const format = useFormat();
  if (given.codes.length + given.acknowledgements.length === 0) return null;
  return (
    <ul class="observer-findings" aria-label={t('given.found')}>
      {given.codes.map((code, place) => {
        const told = report?.codes[place];
        const found = isRead || told?.kind !== 'not_found' ? told : undefined;
        return (
          <li key={code} class="row row-apart" data-given={found?.kind ?? 'reading'}>
            <code class="observer-root">{code}</code>
            {found !== undefined && (
              <span>
                {'entry' in found && <span class="soft small">{t('given.entry', { entry: format.number(found.entry) })} </span>}
                <Badge kind={LOOK[found.kind]}>{t(`given.${found.kind}`)}</Badge>
              </span>
            )}
          </li>
        );
      })}
      {given.acknowledgements.map(({ name }, place) => {
        const kept = report?.acknowledged[place];
        const found = isRead || kept === true ? kept : undefined;
        return (
          <li key={`${name} ${String(place)}`} class="row row-apart" data-given={found === undefined ? 'reading' : found ? 'kept' : 'missing'}>
            <span class="observer-root">{name}</span>
            {found !== undefined && <Badge kind={found ? 'success' : 'danger'}>{t(found ? 'given.kept' : 'given.missing')}</Badge>}
          </li>
        );
      })}
    </ul>
  );
}
