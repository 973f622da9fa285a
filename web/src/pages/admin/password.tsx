import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { adminSetup as texts } from '../../i18n/admin-setup';
import { useText } from '../../i18n';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/button';
import { ErrorSummary } from '../../ui/error-summary';
import { TextField } from '../../ui/field';
import { Page } from '../../ui/page';
import { toast } from '../../ui/toast';
import { useAttempt } from './attempt';
import { changePassword, staff } from './session';
import { Trouble } from './trouble';
import { useErrors, type Wrong } from './wrong';

/** As the server asks for (server/src/auth/password.rs). */
const LEAST = 12;

/** One's own password. `first`: an administrator chose the present one, and nothing else is allowed before. */
export function PasswordPage({ first = false }: { first?: boolean }): JSX.Element {
  const t = useText(texts);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const errors = useErrors(t);
  const attempt = useAttempt();
  const who = staff.session.get();

  const submit = async (): Promise<void> => {
    const wrong: Wrong<typeof t>[] = [];
    if (current === '') wrong.push({ field: 'current', say: (now) => now('password.current.missing') });
    if (Array.from(next).length < LEAST) wrong.push({ field: 'next', say: (now) => now('password.short', { n: LEAST }) });
    else if (next === current) wrong.push({ field: 'next', say: (now) => now('password.same') });
    if (again !== next) wrong.push({ field: 'again', say: (now) => now('password.differs') });
    errors.set(wrong);
    if (wrong.length > 0) return;
    await attempt.run(async () => {
      try {
        await changePassword(current, next);
        toast(t('password.done'));
        setCurrent('');
        setNext('');
        setAgain('');
      } catch (error) {
        if (error instanceof Problem && error.code === 'wrong-password') errors.set([{ field: 'current', say: (now) => now('password.current.wrong') }]);
        else if (error instanceof Problem && error.field('new') !== undefined) errors.set([{ field: 'next', say: (now) => now('password.short', { n: LEAST }) }]);
        else throw error;
      }
    });
  };

  return (
    <Page title={first ? t('password.first.title') : t('password.title')} lead={first ? t('password.first.lead') : t('password.lead')}>
      {who !== null && <p>{t('password.who', { tenant: who.tenant, login: who.login })}</p>}
      <ErrorSummary errors={errors.list} />
      <Trouble error={attempt.error} />
      <form
        class="card stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!attempt.busy) void submit();
        }}
      >
        {/* Password managers want to know whose password it is. */}
        <input type="text" hidden readOnly autoComplete="username" value={who?.login ?? ''} />
        <TextField id="current" type="password" label={first ? t('password.first.current') : t('password.current')} value={current} onInput={setCurrent} error={errors.at('current')} autoComplete="current-password" />
        <TextField id="next" type="password" label={t('password.next')} hint={t('password.hint', { n: LEAST })} value={next} onInput={setNext} error={errors.at('next')} autoComplete="new-password" />
        <TextField id="again" type="password" label={t('password.again')} value={again} onInput={setAgain} error={errors.at('again')} autoComplete="new-password" />
        <Button type="submit" kind="primary" size="large" wide busy={attempt.busy}>
          {t('password.submit')}
        </Button>
      </form>
    </Page>
  );
}
