import type { JSX } from 'preact';
import { useServedPages } from '../../app/served';
import { home as texts } from '../../i18n/home';
import { useFormat, useText } from '../../i18n';
import { ButtonLink } from '../../ui/button';
import { CopyButton, Hash } from '../../ui/hash';
import { Notice } from '../../ui/notice';
import { Section } from '../../ui/page';
import type { PublicElection } from '../booth/core/server';

/** Changes of the voting pages during voting, signed and on the board. */
export function AssetsNotice({ face }: { face: PublicElection }): JSX.Element | null {
  const t = useText(texts);
  const format = useFormat();
  const { amendments } = face.assets;
  if (amendments.length === 0) return null;
  return (
    <Notice kind="warning" title={t('assets')}>
      <p>{t('assets.body')}</p>
      <ul class="home-assets">
        {amendments.map(({ index, hash, reason, at }) => (
          <li key={index}>
            {t('assets.row', { index, reason })} {typeof at === 'string' && <span class="soft small">{format.dateTime(at)}</span>}
            <Hash value={hash} label={t('assets.hash')} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Pages that nobody signed. A server that means harm does not say so: what an honest one sends by mistake is found here, the rest by `hanpyo-verify assets`. */
export function OtherPages({ face }: { face: PublicElection }): JSX.Element | null {
  const t = useText(texts);
  const served = useServedPages();
  const announced = face.assets.current;
  if (typeof announced !== 'string' || typeof served !== 'string' || served === announced) return null;
  return (
    <Notice kind="danger" live="alert" title={t('assets.other')}>
      <p>{t('assets.other.body')}</p>
      <Hash value={announced} label={t('assets.announced')} />
      <Hash value={served} label={t('assets.served')} />
    </Notice>
  );
}

/** Where the record is and how anyone checks all of it. */
export function RecordSection({ face, home, verified }: { face: PublicElection; home: string; verified: boolean }): JSX.Element {
  const t = useText(texts);
  const command = `hanpyo-verify ${location.origin}${face.board} --vkey '${face.vkey}'`;
  return (
    <Section title={t('verify')}>
      <p>{t('verify.lead')}</p>
      <div class="row">
        <ButtonLink to={`${home}observe`}>{t('verify.observe')}</ButtonLink>
        <ButtonLink to={`${home}check`}>{t('check')}</ButtonLink>
        <ButtonLink kind="quiet" to={`${home}trustees`}>
          {t('verify.trustees')}
        </ButtonLink>
        <ButtonLink kind="quiet" icon="external" to={`${face.board}checkpoint`} target="_blank">
          {t('verify.board')}
        </ButtonLink>
      </div>
      <div class="card stack">
        <h3>{t('verify.command')}</h3>
        <pre class="home-command">{command}</pre>
        <div class="row row-apart">
          <p class="soft small">{t('verify.command.body')}</p>
          <CopyButton text={command} />
        </div>
        <Hash value={face.manifest_hash} label={t('verify.hash')} />
        <p class="small">{verified ? t('verify.checked') : t('verify.unchecked')}</p>
      </div>
    </Section>
  );
}
