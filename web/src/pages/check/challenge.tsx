import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { check as texts } from '../../i18n/check';
import { useText } from '../../i18n';
import { Button } from '../../ui/button';
import { FileDrop } from '../../ui/file-drop';
import { Hash } from '../../ui/hash';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { Progress } from '../../ui/progress';
import { Disclosure } from '../../ui/disclosure';
import { SummaryList } from '../../ui/summary-list';
import type { Contest, Selection } from '../../wasm/messages';
import type { Mark } from '../booth/core/marks';
import { MarkInWords } from '../booth/steps/contest';
import { useBilingual } from '../booth/texts';
import type { Checker, Opened } from './checker';
import { type CheckLink, readCheckLink } from './opening';
import { CheckTrouble } from './trouble';

type Question = 'code' | 'contents' | 'done' | 'code-differs' | 'contents-differ';

/**
 * What a challenged ballot says, on another device than the one that made it. First the code, worked out here, is
 * compared with the one noted before the decision: a device that cheats could put another code beside the opening.
 */
export function ChallengeCheck({ checker, link, above }: { checker: Checker; link: CheckLink | 'broken'; above: ComponentChildren }): JSX.Element {
  const t = useText(texts);
  const [opened, setOpened] = useState<Opened | null>(null);
  const [question, setQuestion] = useState<Question>('code');
  useEffect(() => {
    let here = true;
    if (link === 'broken' || link.opening === null) setOpened({ state: 'trouble', trouble: { kind: 'opening' } });
    else void checker.open(link.opening, link.code ?? '', link.manifest).then((answer) => here && setOpened(answer));
    return () => void (here = false);
  }, [checker, link]);

  if (opened === null)
    return (
      <Page title={t('opening.title')} above={above}>
        <Progress label={t('opening.checking')} />
      </Page>
    );
  if (opened.state === 'trouble')
    return (
      <Page title={t('opening.title')} above={above} step="trouble">
        <CheckTrouble trouble={opened.trouble} />
      </Page>
    );
  const code = <Hash value={opened.opening.full_code.replace(/[^0-9A-Za-z]/g, '').slice(0, 26)} label={t('code')} large />;
  switch (question) {
    case 'code':
      return (
        <Page title={t('opening.compare')} lead={t('opening.compare.lead')} above={above} step={question}>
          <section class="card stack check-code">{code}</section>
          <Answers yes={t('opening.same')} no={t('opening.other')} onYes={() => setQuestion('contents')} onNo={() => setQuestion('code-differs')} />
        </Page>
      );
    case 'contents':
    case 'done':
      return (
        <Page title={question === 'done' ? t('opening.honest') : t('opening.contents')} above={above} step={question}>
          <Notice kind={question === 'done' ? 'success' : 'warning'} title={t('opening.never.title')}>
            <p>{question === 'done' ? t('opening.honest.body') : t('opening.never.body')}</p>
          </Notice>
          <Contents opened={opened} />
          {question === 'contents' && <Answers yes={t('opening.contents.same')} no={t('opening.contents.other')} onYes={() => setQuestion('done')} onNo={() => setQuestion('contents-differ')} />}
        </Page>
      );
    case 'code-differs':
    case 'contents-differ':
      return (
        <Page title={t('opening.alarm')} above={above} step={question}>
          <Notice kind="danger" live="alert" title={question === 'code-differs' ? t('opening.alarm.code') : t('opening.alarm.contents')}>
            <p>{t('opening.alarm.body')}</p>
          </Notice>
          <section class="card stack check-code">{code}</section>
          <div class="row">
            <Button icon="left" onClick={() => setQuestion(question === 'code-differs' ? 'code' : 'contents')}>
              {t('opening.look-again')}
            </Button>
          </div>
        </Page>
      );
  }
}

function Answers({ yes, no, onYes, onNo }: { yes: string; no: string; onYes: () => void; onNo: () => void }): JSX.Element {
  return (
    <div class="row">
      <Button kind="primary" icon="check" onClick={onYes}>
        {yes}
      </Button>
      <Button icon="cross" onClick={onNo}>
        {no}
      </Button>
    </div>
  );
}

/** Only what was marked, in words: options that were not marked are not listed. */
function Contents({ opened: { opening, manifest } }: { opened: Extract<Opened, { state: 'opened' }> }): JSX.Element {
  const bilingual = useBilingual();
  const contests = manifest.styles[opening.style]?.contests ?? [];
  const rows = opening.selections.flatMap((selection, place) => {
    const number = contests[place];
    const contest = number === undefined ? undefined : manifest.contests[number];
    return contest === undefined ? [] : [{ key: String(number), label: bilingual(contest.title).main, value: <SelectionInWords contest={contest} selection={selection} /> }];
  });
  return <SummaryList rows={rows} />;
}

function SelectionInWords({ contest, selection }: { contest: Contest; selection: Selection }): JSX.Element {
  const mark: Mark = selection.kind === 'choose_one' ? { kind: 'choose_one', option: selection.option ?? 'blank' } : selection;
  return <MarkInWords contest={contest} mark={mark} />;
}

/** A file saved by the booth, where the ballot was too large for a QR code. */
export function OpeningFile({ onOpen }: { onOpen: (link: CheckLink | 'broken') => void }): JSX.Element {
  const t = useText(texts);
  const read = async (file: File): Promise<void> => {
    const text = await file.text();
    const link = readCheckLink(text.slice(text.indexOf('#') + 1).trim());
    onOpen(link === 'broken' || link.opening === null ? 'broken' : link);
  };
  return (
    <Disclosure summary={t('file.summary')}>
      <p>{t('file.body')}</p>
      <FileDrop label={t('file.label')} accept=".txt" file={null} onFile={(file) => file && void read(file)} />
    </Disclosure>
  );
}
