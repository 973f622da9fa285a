import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Settings, TEXT_SIZES, type Theme, tryOn, useSettings } from '../../../app/settings';
import { LANGUAGES } from '../../../i18n/catalogue';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { usePick, useText } from '../../../i18n';
import { Button, ButtonLink } from '../../../ui/button';
import { Switch } from '../../../ui/display-menu';
import { Select } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { Page } from '../../../ui/page';
import { MarkStep } from '../../booth/steps/mark';
import { ReviewStep } from '../../booth/steps/review';
import '../../booth/booth.css';
import { electionPath, useElection } from '../election/frame';
import { useEditing } from '../wizard/edits';
import { begin, step, stylesOf } from './booth';
import './preview.css';

const SHOWN: readonly Theme[] = ['light', 'dark', 'contrast'];

/** The ballot as the booth shows it, by the booth's own screens, in every language, theme and text size. */
export function PreviewPage(): JSX.Element {
  const t = useText(texts);
  const pick = usePick();
  const { slug } = useElection();
  const { draft } = useEditing();
  const [style, setStyle] = useState(0);
  const [state, setState] = useState(() => begin(draft, 0));
  const restart = (which: number): void => {
    setStyle(which);
    setState(begin(draft, which));
  };
  const styles = stylesOf(draft);
  const complete = draft.contests.length > 0 && draft.contests.every(({ title, options }) => title.ko.trim() !== '' && options.every(({ ko }) => ko.trim() !== ''));
  if (!complete) {
    return (
      <Page title={t('preview.title')}>
        <Notice kind="warning">
          <p>{t('preview.missing')}</p>
        </Notice>
        <div class="row">
          <ButtonLink to={electionPath(slug, 'edit/contests')}>{t('step.contests')}</ButtonLink>
        </div>
      </Page>
    );
  }
  const booth = { dispatch: (event: Parameters<typeof step>[1]): void => setState((now) => step(now, event)) };
  const { stage } = state;
  return (
    <>
      <section class="preview-bar" aria-label={t('preview.title')}>
        <p>
          <strong>{t('preview.title')}</strong> <span class="soft">{t('preview.lead')}</span>
        </p>
        <div class="preview-settings">
          <LookSwitches />
          {styles.length > 1 && <Select label={t('preview.style')} value={String(style)} options={styles.map(({ title }, index) => ({ value: String(index), label: pick(title) }))} onChange={(value) => restart(Number(value))} />}
          <Button size="small" onClick={() => restart(style)}>
            {t('preview.start')}
          </Button>
        </div>
      </section>
      {stage.at === 'mark' && <MarkStep booth={booth} state={state} stage={stage} />}
      {stage.at === 'review' && <ReviewStep booth={booth} state={state} stage={stage} />}
      {stage.at === 'encrypting' && (
        <Page title={t('preview.title')}>
          <Notice kind="info">
            <p>{t('preview.end')}</p>
          </Notice>
          <div class="row">
            <Button onClick={() => restart(style)}>{t('preview.start')}</Button>
          </div>
        </Page>
      )}
    </>
  );
}

/** Language, theme and text size while one looks; one's own come back afterwards. */
function LookSwitches(): JSX.Element {
  const t = useText(texts);
  const kept = useSettings();
  const [tried, setTried] = useState<Partial<Settings>>({});
  // What was chosen is shown as chosen at once, before the page has taken it on.
  const settings = { ...kept, ...tried };
  useEffect(() => (Object.keys(tried).length === 0 ? undefined : tryOn(tried)), [tried]);
  return (
    <>
      <Switch legend={t('settings.language')} values={LANGUAGES} value={settings.language} label={(one) => t(`settings.language.${one}`)} language={(one) => one} onChange={(language) => setTried({ ...tried, language })} />
      <Switch legend={t('settings.theme')} values={SHOWN} value={settings.theme} label={(one) => t(`settings.theme.${one}`)} onChange={(theme) => setTried({ ...tried, theme })} />
      <Switch legend={t('settings.text')} values={TEXT_SIZES} value={settings.textSize} label={(one) => t(`settings.text.${one}`)} onChange={(textSize) => setTried({ ...tried, textSize })} />
    </>
  );
}
