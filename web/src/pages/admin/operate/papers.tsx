import type { JSX } from 'preact';
import type { Params } from '../../../app/router';
import { papers as texts } from '../../../i18n/papers';
import { useText } from '../../../i18n';
import { ButtonLink } from '../../../ui/button';
import { Missing } from '../../../ui/missing';
import { boardAt } from '../../../wasm/observer';
import type { FetchFile } from '../../../wasm/follow';
import type { PublicElection } from '../../booth/core/server';
import { PaperPage } from '../../papers/page';
import { isPaper, PAPERS } from '../../papers/sheet';
import { staff } from '../session';
import { useFace, useOffice } from './core/office';
import { OperatePage } from './frame';

/** The forms of an election, made from its record. */
export function PapersPage(): JSX.Element {
  const t = useText(texts);
  const office = useOffice();
  const face = useFace(office);
  return (
    <OperatePage face={face} title={t('papers')} lead={t('papers.lead')}>
      <div class="grid grid-wide">
        {PAPERS.map((paper) => (
          <article key={paper} class="card stack">
            <h2 class="operate-card-title">{t(`paper.${paper}`)}</h2>
            <p>{t(`paper.${paper}.lead`)}</p>
            <div class="row">
              <ButtonLink kind="primary" to={office.at(`papers/${paper}`)}>
                {t('papers.open', { paper: t(`paper.${paper}`) })}
              </ButtonLink>
              <ButtonLink kind="quiet" icon="external" target="_blank" to={`${office.home}papers/${paper}`}>
                {t('papers.public')}
              </ButtonLink>
            </div>
          </article>
        ))}
      </div>
    </OperatePage>
  );
}

/** Staff may read the record where it is not for everyone. */
const staffBoard = ({ board }: PublicElection): FetchFile => boardAt(board, () => staff.token());

/** One form, in the console. */
export function OfficialPaper({ params }: { params: Params }): JSX.Element {
  const office = useOffice();
  const { paper } = params;
  if (!isPaper(paper)) return <Missing home="/admin" />;
  return <PaperPage tenant={office.path.tenant} election={office.path.election} paper={paper} board={staffBoard} back={office.at('papers')} commission={office.account.tenant_name} />;
}
