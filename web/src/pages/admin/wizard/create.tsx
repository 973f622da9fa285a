import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { navigate } from '../../../app/router';
import { data } from '../../../api/client';
import { Problem } from '../../../api/problem';
import { adminWizard as texts } from '../../../i18n/admin-wizard';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Checkbox } from '../../../ui/choice-list';
import { ErrorSummary } from '../../../ui/error-summary';
import { TextField } from '../../../ui/field';
import { Breadcrumbs } from '../../../ui/navigation';
import { Page } from '../../../ui/page';
import { useAttempt } from '../attempt';
import { api, today, useAccount } from '../session';
import { Trouble } from '../trouble';
import { useErrors, type Wrong } from '../wrong';
import { ProfileChoice } from './basics';
import { newDraft, NOTHING } from './defaults';
import { BilingualField } from './inputs';
import { stepPath } from './page';
import { PROFILES, profileOf } from './profiles';
import './wizard.css';

const SLUG_MAX = 63;
const isSlug = (text: string): boolean => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text) && text.length <= SLUG_MAX;

/** A slug made of an English title: its first words. */
export function slugOf(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .filter((word) => !['the', 'a', 'an', 'of', 'on', 'and', 'for', 'in', ''].includes(word));
  return words.slice(0, 4).join('-').slice(0, SLUG_MAX).replace(/-+$/, '');
}

export function CreatePage(): JSX.Element {
  const t = useText(texts);
  const { tenant } = useAccount();
  const [title, setTitle] = useState(NOTHING);
  const [profileId, setProfileId] = useState<string>(PROFILES[0]?.id ?? '');
  /** Null while it follows the title. */
  const [slug, setSlug] = useState<string | null>(null);
  const [test, setTest] = useState(false);
  const errors = useErrors(t);
  const attempt = useAttempt();
  const shownSlug = slug ?? slugOf(title.en);

  const submit = async (): Promise<void> => {
    const found: Wrong<typeof t>[] = [];
    if (title.ko.trim() === '') found.push({ field: 'title.ko', say: (now) => now('create.title.missing') });
    if (!isSlug(shownSlug)) found.push({ field: 'slug', say: (now) => now('create.slug.wrong') });
    errors.set(found);
    const profile = profileOf(profileId);
    if (found.length > 0 || profile === null) return;
    await attempt.run(async () => {
      try {
        const draft = newDraft(profile, title, test, today());
        await data(api.POST('/api/v1/tenants/{tenant}/elections', { params: { path: { tenant } }, body: { slug: shownSlug, draft: draft as never } }));
        navigate(stepPath(shownSlug, 'basics'));
      } catch (refused) {
        if (refused instanceof Problem && refused.code === 'slug-taken') errors.set([{ field: 'slug', say: (now) => now('create.slug.taken') }]);
        else if (refused instanceof Problem && refused.field('title.ko') !== undefined) errors.set([{ field: 'title.ko', say: (now) => now('problem.long') }]);
        else if (refused instanceof Problem && refused.field('slug') !== undefined) errors.set([{ field: 'slug', say: (now) => now('create.slug.wrong') }]);
        else throw refused;
      }
    });
  };

  return (
    <Page title={t('create.title')} lead={t('create.lead')} above={<Breadcrumbs crumbs={[{ label: t('nav.elections'), to: '/admin' }, { label: t('create.title') }]} />}>
      <ErrorSummary errors={errors.list} />
      <Trouble error={attempt.error} />
      <form
        class="stack stack-l"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!attempt.busy) void submit();
        }}
      >
        <ProfileChoice value={profileId} onChange={setProfileId} error={undefined} />
        <BilingualField place="title" label={t('basics.title')} hint={t('basics.title.hint')} value={title} onChange={setTitle} error={errors.at} />
        <TextField id="slug" label={t('create.slug')} hint={t('create.slug.hint')} value={shownSlug} onInput={setSlug} error={errors.at('slug')} autoCapitalize="none" spellcheck={false} autoComplete="off" />
        <Checkbox id="test" label={t('create.test')} detail={t('create.test.detail')} checked={test} onChange={setTest} />
        <div class="wizard-actions">
          <Button type="submit" kind="primary" size="large" busy={attempt.busy}>
            {t('create.submit')}
          </Button>
        </div>
      </form>
    </Page>
  );
}
