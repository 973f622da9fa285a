/** What the desks of trustee and authority show alike: the connection, refusals, jobs, passphrases, the fingerprint. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { local as texts } from '../i18n/local';
import { useLanguage, usePick, useText } from '../i18n';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/choice-list';
import { Disclosure } from '../ui/disclosure';
import { ErrorSummary, type FormError } from '../ui/error-summary';
import { TextField } from '../ui/field';
import { CopyButton, Hash, Words } from '../ui/hash';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { Progress, Skeleton } from '../ui/progress';
import { Qr } from '../ui/qr';
import type { Loaded } from './desk';
import type { BoardView, ElectionView, Job, Refusal, SecretView } from './messages';
import './local.css';

/** Shown while there is no program to work with. */
export function NoDesk({ at }: { at: Exclude<Loaded<unknown>['at'], 'ready'> }): JSX.Element {
  const t = useText(texts);
  if (at === 'loading') {
    return (
      <Page title={t('desk.loading')}>
        <Skeleton label={t('desk.loading')} />
      </Page>
    );
  }
  return (
    <Page title={t(`desk.${at}.title`)} step={at}>
      <Notice kind="warning" live="alert">
        <p>{t(`desk.${at}.body`)}</p>
      </Notice>
    </Page>
  );
}

/** The last answer is old: the program is gone. */
export function Away({ away }: { away: boolean }): JSX.Element | null {
  const t = useText(texts);
  return away ? (
    <Notice kind="warning" live="alert" title={t('desk.away.title')}>
      <p>{t('desk.away.body')}</p>
    </Notice>
  ) : null;
}

/** Why something was not done: in the reader's words, and in the program's. */
export function RefusalNotice({ refusal, children }: { refusal: Refusal; children?: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  return (
    <Notice kind="danger" live="alert" title={t('refusal.title')}>
      <p>
        <strong>{t(`refusal.${refusal.code}`)}</strong>
      </p>
      <p class="small soft">{t('refusal.detail')}</p>
      <p class="local-detail" lang="en">
        {refusal.detail}
      </p>
      {children}
    </Notice>
  );
}

/** How the last job goes or ended, where it was one of these actions. */
export function JobNotice({ job, actions, stop, refused }: { job: Job | null; actions: readonly string[]; stop?: (number: number) => void; refused?: (refusal: Refusal) => ComponentChildren }): JSX.Element | null {
  const t = useText(texts);
  if (job === null || !actions.includes(job.action)) return null;
  return (
    <div class="stack">
      {job.state === 'running' && <JobProgress job={job} />}
      {job.state === 'waiting' && (
        <Notice kind="info" live="status">
          <p>{t('job.waiting')}</p>
          {stop !== undefined && (
            <div class="row">
              <Button size="small" onClick={() => stop(job.number)}>
                {t('job.stop')}
              </Button>
            </div>
          )}
        </Notice>
      )}
      {job.state === 'stopped' && (
        <Notice kind="info" live="status">
          <p>{t('job.stopped')}</p>
        </Notice>
      )}
      {job.refusal !== null && <RefusalNotice refusal={job.refusal}>{refused?.(job.refusal)}</RefusalNotice>}
      {job.log.length > 0 && (
        <Disclosure summary={t('job.log')}>
          <ol class="local-log small" lang="en">
            {job.log.map((line, index) => (
              <li key={`${index} ${line}`}>{line}</li>
            ))}
          </ol>
        </Disclosure>
      )}
    </div>
  );
}

function JobProgress({ job: { progress } }: { job: Job }): JSX.Element {
  const t = useText(texts);
  if (progress === null || progress.total === 0) return <Progress label={progress === null ? t('job.running') : t(`job.${progress.what}`)} />;
  return <Progress label={t(`job.${progress.what}`)} value={progress.done} max={progress.total} detail={t('job.count', { n: progress.done, of: progress.total })} />;
}

export const isBusy = (job: Job | null): boolean => job !== null && ['running', 'waiting', 'asking'].includes(job.state);

/** Path and public key of the secret file. */
export function SecretFile({ secret }: { secret: SecretView }): JSX.Element {
  const t = useText(texts);
  return (
    <div class="card stack">
      <div>
        <p class="hash-label">{t('file.path')}</p>
        <p class="local-path">{secret.path}</p>
      </div>
      {secret.key !== null && (
        <div class="stack stack-s">
          <Hash value={secret.key} label={t('file.key')} />
          <CopyButton text={secret.key} />
        </div>
      )}
    </div>
  );
}

/** Characters of the shortest passphrase that the program takes; it decides. */
const SHORTEST = 12;

/** Makes the secret file: a passphrase, twice. */
export function CreateFile({ busy, create }: { busy: boolean; create: (passphrase: string, again: string) => void }): JSX.Element {
  const t = useText(texts);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [errors, setErrors] = useState<readonly FormError[]>([]);
  const of = (field: string): string | null => errors.find((error) => error.field === field)?.message ?? null;
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const wrong: FormError[] = [];
        if (Array.from(passphrase).length < SHORTEST) wrong.push({ field: 'passphrase', message: t('refusal.short-passphrase') });
        else if (passphrase !== again) wrong.push({ field: 'again', message: t('refusal.passphrases-differ') });
        setErrors(wrong);
        if (wrong.length > 0 || busy) return;
        create(passphrase, again);
        setPassphrase('');
        setAgain('');
      }}
    >
      <ErrorSummary errors={errors} />
      <TextField id="passphrase" type="password" autoComplete="new-password" label={t('file.passphrase.new')} hint={t('file.passphrase.hint')} error={of('passphrase')} value={passphrase} onInput={setPassphrase} />
      <TextField id="again" type="password" autoComplete="new-password" label={t('file.passphrase.again')} error={of('again')} value={again} onInput={setAgain} />
      <div class="row">
        <Button type="submit" kind="primary" busy={busy}>
          {t('file.create')}
        </Button>
      </div>
    </form>
  );
}

/** Opens the secret file. */
export function OpenFile({ busy, open }: { busy: boolean; open: (passphrase: string) => void }): JSX.Element {
  const t = useText(texts);
  const [passphrase, setPassphrase] = useState('');
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (busy) return;
        open(passphrase);
        setPassphrase('');
      }}
    >
      <TextField id="passphrase" type="password" autoComplete="current-password" label={t('file.passphrase')} value={passphrase} onInput={setPassphrase} />
      <div class="row">
        <Button type="submit" kind="primary" busy={busy}>
          {t('file.open')}
        </Button>
      </div>
    </form>
  );
}

/** Asks where the board is. */
export function Connect({ board, busy, connect }: { board: BoardView | null; busy: boolean; connect: (board: string, vkey: string) => void }): JSX.Element {
  const t = useText(texts);
  const [address, setAddress] = useState(board?.place ?? '');
  const [vkey, setVkey] = useState(board?.vkey ?? '');
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) connect(address, vkey);
      }}
    >
      <TextField id="board" type="url" label={t('board.address')} hint={t('board.address.hint')} value={address} onInput={setAddress} spellcheck={false} />
      <TextField id="vkey" label={t('board.vkey')} hint={t('board.vkey.hint')} value={vkey} onInput={setVkey} spellcheck={false} autoCapitalize="none" />
      <div class="row">
        <Button type="submit" kind="primary" busy={busy}>
          {t('board.connect')}
        </Button>
      </div>
    </form>
  );
}

/** Title and fingerprint of the election, as words and QR, to be compared with others; `agree` asks whether it was. */
export function Fingerprint({ election, agree }: { election: ElectionView; agree?: () => void }): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const language = useLanguage();
  const [same, setSame] = useState(false);
  return (
    <div class="card stack">
      <div>
        <p class="hash-label">{t('election.name')}</p>
        <p>
          <strong>{pick(election.title)}</strong>
        </p>
        <p class="small soft local-path">{election.origin}</p>
      </div>
      <h2>{t('election.fingerprint')}</h2>
      <p>{t('election.fingerprint.lead')}</p>
      <div class="local-fingerprint">
        <Words words={election.words[language]} label={t('election.words')} />
        <Qr data={election.manifest_hash} label={t('election.qr')} />
      </div>
      <Hash value={election.fingerprint} label={t('election.hex')} />
      {agree !== undefined && (
        <>
          <Checkbox id="same" label={t('election.agree')} checked={same} onChange={setSame} />
          <div class="row">
            <Button kind="primary" disabled={!same} onClick={agree}>
              {t('election.go-on')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

/** Where these pages come from, at the end of each. */
export function Own({ version, children }: { version: string; children?: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  return (
    <div class="row row-apart">
      <p class="small soft">
        {t('desk.own')} {t('desk.version', { version })}
      </p>
      {children}
    </div>
  );
}
