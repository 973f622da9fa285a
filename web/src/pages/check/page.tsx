import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Params } from '../../app/router';
import { check as texts } from '../../i18n/check';
import { useText } from '../../i18n';
import { Breadcrumbs } from '../../ui/navigation';
import { Page } from '../../ui/page';
import { startBooth } from '../../wasm/booth';
import { Server } from '../booth/core/server';
import { FindBallot } from './find';
import { ChallengeCheck, OpeningFile } from './challenge';
import { Checker } from './checker';
import { type CheckLink, readCheckLink } from './opening';
import './check.css';

/** Reads the fragment; an opening tells a selection, so it is taken out of the address bar. */
function take(): CheckLink | 'broken' {
  const link = readCheckLink(location.hash);
  if (link === 'broken' || link.opening !== null) history.replaceState(null, '', location.pathname + location.search);
  return link;
}

/** Finds a ballot by its confirmation code, or checks a challenged one that another device opened. */
export function CheckPage({ params }: { params: Params }): JSX.Element {
  const { tenant = '', election = '' } = params;
  const t = useText(texts);
  const [link, setLink] = useState(take);
  const [checker] = useState(() => new Checker(new Server(tenant, election), startBooth));
  useEffect(() => {
    const renew = (): void => {
      // Any other fragment is no link, and leaves what is shown alone.
      if (/^#(.*&)?[kmo]=/.test(location.hash)) setLink(take());
    };
    addEventListener('hashchange', renew);
    return () => {
      removeEventListener('hashchange', renew);
      checker.close();
    };
  }, [checker]);
  const home = `/e/${encodeURIComponent(tenant)}/${encodeURIComponent(election)}/`;
  const above = <Breadcrumbs crumbs={[{ label: t('home'), to: home }, { label: t('title') }]} />;
  if (link === 'broken' || link.opening !== null) return <ChallengeCheck checker={checker} link={link} above={above} />;
  return (
    <Page title={t('title')} lead={t('lead')} above={above}>
      <FindBallot key={link.code} checker={checker} link={link} />
      <OpeningFile onOpen={setLink} />
    </Page>
  );
}
