import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { check as texts } from '../../i18n/check';
import { useFormat, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { CodeField } from '../../ui/code-field';
import { Disclosure } from '../../ui/disclosure';
import { Hash } from '../../ui/hash';
import { Notice } from '../../ui/notice';
import { Progress } from '../../ui/progress';
import type { Answer, Checker } from './checker';
import type { CheckLink } from './opening';
import { CheckTrouble } from './trouble';

/** Characters of a confirmation code as people write it: 130 of its 256 bits. */
const LENGTH = 26;

type Shown = Answer | { state: 'searching' } | null;

/** Looks a ballot up by its confirmation code. Options are never listed here: nobody can see them, and a list would look like a vote. */
export function FindBallot({ checker, link }: { checker: Checker; link: CheckLink }): JSX.Element {
  const t = useText(texts);
  const [code, setCode] = useState((link.code ?? '').toUpperCase().slice(0, LENGTH));
  const [short, setShort] = useState(false);
  const [shown, setShown] = useState<Shown>(null);
  const asked = useRef(0);
  const find = async (wanted: string): Promise<void> => {
    asked.current += 1;
    const mine = asked.current;
    setShown({ state: 'searching' });
    const answer = await checker.find(wanted, link.manifest);
    if (mine === asked.current) setShown(answer);
  };
  useEffect(() => {
    if (link.code !== null) void find(link.code);
    return () => void (asked.current += 1);
    // Once, for the code of the address.
  }, []);
  return (
    <>
      <form
        class="card stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const missing = code.length < LENGTH;
          setShort(missing);
          if (missing) document.getElementById('code')?.focus();
          else void find(code);
        }}
      >
        <CodeField id="code" label={t('code')} hint={t('code.hint')} error={short ? t('code.short', { n: LENGTH }) : null} value={code} onInput={setCode} length={LENGTH} groups={[4]} />
        <div class="row">
          <Button type="submit" kind="primary" busy={shown?.state === 'searching'}>
            {t('find')}
          </Button>
        </div>
      </form>
      {shown !== null && <Result shown={shown} again={() => void find(code)} />}
    </>
  );
}

function Result({ shown, again }: { shown: Exclude<Shown, null>; again: () => void }): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  switch (shown.state) {
    case 'searching':
      return <Progress label={t('searching')} />;
    case 'pending':
      return (
        <Notice kind="info" live="status" title={t('pending.title')}>
          <p>{t('pending.body')}</p>
          <div class="row">
            <Button size="small" onClick={again}>
              {t('again')}
            </Button>
          </div>
        </Notice>
      );
    case 'unknown':
      return (
        <Notice kind="warning" live="status" title={t('unknown.title')}>
          <p>{t('unknown.body')}</p>
        </Notice>
      );
    case 'trouble':
      return <CheckTrouble trouble={shown.trouble} />;
    case 'recorded': {
      const { ballot, manifest } = shown;
      const cast = ballot.kind === 'cast';
      return (
        <>
          <Notice kind={cast ? 'success' : 'warning'} live="status" title={cast ? t('recorded.title') : t('challenged.title')}>
            <p>{cast ? t('recorded.body', { n: ballot.index }) : t('challenged.body', { n: ballot.index })}</p>
            {cast && manifest.revoting && <p>{t('recorded.revoting')}</p>}
          </Notice>
          {cast && <p>{t('recorded.choice')}</p>}
          <Disclosure summary={t('proof')}>
            <dl class="check-facts">
              <div>
                <dt>{t('proof.code')}</dt>
                <dd>
                  <Hash value={ballot.full_code} copy />
                </dd>
              </div>
              <div>
                <dt>{t('proof.index')}</dt>
                <dd class="numeric">{t('proof.index.of', { index: ballot.index, n: ballot.size })}</dd>
              </div>
              <div>
                <dt>{t('proof.root')}</dt>
                <dd>
                  <code>{ballot.root}</code>
                </dd>
              </div>
              <div>
                <dt>{t('proof.witnesses')}</dt>
                <dd>{ballot.cosigned_by.length === 0 ? t('proof.none') : format.list(ballot.cosigned_by.map(({ name, time }) => `${name} (${format.dateTime(new Date(time * 1000))})`))}</dd>
              </div>
            </dl>
          </Disclosure>
        </>
      );
    }
  }
}
