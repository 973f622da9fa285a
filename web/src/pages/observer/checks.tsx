import type { JSX } from 'preact';
import { observer as texts } from '../../i18n/observer';
import { useLanguage, useText } from '../../i18n';
import { Button } from '../../ui/button';
import { Disclosure } from '../../ui/disclosure';
import { Icon } from '../../ui/icon';
import { Section } from '../../ui/page';
import { Skeleton } from '../../ui/progress';
import { Badge } from '../../ui/timeline';
import type { CheckFinding, NumberedCheck, ObserverReportView } from '../../wasm/messages';
import { saveFile } from '../booth/hooks';
import type { PublicElection } from '../booth/core/server';

const LOOK = { pass: { kind: 'success', icon: 'success' }, fail: { kind: 'danger', icon: 'danger' }, not_checked: { kind: 'plain', icon: 'clock' } } as const;

/** The twelve checks by their numbers, each with its outcome in words and what it found. */
export function Checks({ report, face, board }: { report: ObserverReportView | null; face: PublicElection; board: string }): JSX.Element {
  const t = useText(texts);
  if (report === null) return <Skeleton label={t('status.starting')} lines={8} />;
  const save = (): void => saveFile(`hanpyo-report-${face.tenant}-${face.election}-${String(report.entries)}.json`, `${JSON.stringify({ board, ...report }, null, 2)}\n`, 'application/json');
  return (
    <Section title={t('checks')}>
      <p class="soft">{t('checks.lead')}</p>
      <ol class="observer-checks">
        {report.checks.map((check) => (
          <Check key={check.number} check={check} face={face} />
        ))}
      </ol>
      <div class="row">
        <Button kind="quiet" size="small" icon="download" onClick={save}>
          {t('command.json')}
        </Button>
      </div>
    </Section>
  );
}

function Check({ check: { number, name_ko, name_en, outcome, findings, total, not_checked }, face }: { check: NumberedCheck; face: PublicElection }): JSX.Element {
  const t = useText(texts);
  const name = useLanguage() === 'en' ? name_en : name_ko;
  const { kind, icon } = LOOK[outcome];
  // Some checks come with the record; others never run, because nothing asks for them.
  const isYet = outcome === 'not_checked' && not_checked.some(({ reason }) => reason === 'unfinished');
  return (
    <li class={`observer-check observer-check-${outcome}`} data-check={number} data-outcome={outcome}>
      <span class="observer-check-number numeric">{number}</span>
      <div class="observer-check-body">
        <div class="row row-apart">
          <span class="observer-check-name">{name}</span>
          <Badge kind={kind}>
            <Icon name={icon} />
            {t(isYet ? 'check.not_yet' : `check.${outcome}`)}
          </Badge>
        </div>
        {not_checked.map(({ reason, detail }, index) => (
          <p key={index} class="soft small">
            {t(`reason.${reason}`)} <span lang="en">({detail})</span>
          </p>
        ))}
        {total > 0 && (
          <Disclosure summary={t('check.findings', { n: total })} open={outcome === 'fail'}>
            <ul class="observer-findings">
              {findings.map((finding, index) => (
                <li key={index}>
                  <Finding finding={finding} face={face} />
                </li>
              ))}
            </ul>
            {total > findings.length && <p class="soft">{t('check.more', { n: total - findings.length })}</p>}
          </Disclosure>
        )}
      </div>
    </li>
  );
}

/** What was expected and found, in the words of the checker, with the entry as it is. */
function Finding({ finding: { entry, excluded, what, expected, found }, face: { tenant, election } }: { finding: CheckFinding; face: PublicElection }): JSX.Element {
  const t = useText(texts);
  return (
    <>
      <dl class="observer-finding" lang="en">
        <div>
          <dt>{t('check.what')}</dt>
          <dd>{what}</dd>
        </div>
        <div>
          <dt>{t('check.expected')}</dt>
          <dd>
            <code>{expected}</code>
          </dd>
        </div>
        <div>
          <dt>{t('check.found')}</dt>
          <dd>
            <code>{found}</code>
          </dd>
        </div>
      </dl>
      {entry !== null && (
        <p>
          <a href={`/api/v1/tenants/${encodeURIComponent(tenant)}/elections/${encodeURIComponent(election)}/entries/${String(entry)}`} download={`entry-${String(entry)}.cbor`}>
            {t('check.raw', { n: entry })}
          </a>
        </p>
      )}
      {excluded && <p class="soft small">{t('check.excluded')}</p>}
    </>
  );
}
