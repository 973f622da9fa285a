import type { JSX } from 'preact';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { Checkbox, ChoiceList } from '../../../ui/choice-list';
import { Notice } from '../../../ui/notice';
import { today } from '../session';
import { usualWindows } from './defaults';
import { BilingualField, type StepProps } from './inputs';
import { PROFILES, profileOf } from './profiles';

/** Law, title, notice. */
export function BasicsStep({ draft, change, error }: StepProps): JSX.Element {
  const t = useText(texts);
  const chosen = profileOf(draft.profile.id);
  const choose = (id: string): void => {
    const profile = profileOf(id);
    if (profile === null) return;
    const windows = chosen?.residentSchedule === profile.residentSchedule ? draft.schedule.windows : usualWindows(profile, today());
    change({ ...draft, profile: { id }, schedule: { ...draft.schedule, windows }, counting: { ...draft.counting, revoting: draft.counting.revoting && profile.revoting } });
  };
  return (
    <>
      <BilingualField place="title" label={t('basics.title')} hint={t('basics.title.hint')} value={draft.title} onChange={(title) => change({ ...draft, title })} error={error} />
      {chosen === null ? (
        <Notice title={t('basics.profile')}>
          <p>{t('basics.profile.own', { id: draft.profile.id })}</p>
        </Notice>
      ) : (
        <ProfileChoice value={draft.profile.id} onChange={choose} error={error('profile.id')} />
      )}
      <BilingualField place="notice" label={t('basics.notice')} hint={t('basics.notice.hint')} value={draft.notice} onChange={(notice) => change({ ...draft, notice })} error={error} rows={6} />
      <Checkbox id="test" label={t('basics.test')} detail={t('basics.test.detail')} checked={draft.test} onChange={(test) => change({ ...draft, test })} />
    </>
  );
}

/** The legal profiles with what each means. */
export function ProfileChoice({ value, onChange, error }: { value: string; onChange: (id: string) => void; error: string | undefined }): JSX.Element {
  const t = useText(texts);
  return <ChoiceList id="profile.id" legend={t('basics.profile')} hint={t('basics.profile.hint')} error={error} options={PROFILES.map(({ id }) => ({ value: id, label: t(`profile.${id}`), detail: t(`profile.${id}.detail`) }))} value={value} onChange={onChange} />;
}
