import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { adminSetup as texts } from '../../i18n/admin-setup';
import { useText } from '../../i18n';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/button';
import { ErrorSummary, type FormError } from '../../ui/error-summary';
import { TextField } from '../../ui/field';
import { Page } from '../../ui/page';
import { toast } from '../../ui/toast';
import { useAttempt } from './attempt';
import { changePassword, staff } from './session';
import { Trouble } from './trouble';

/** As the server asks for (server/src/auth/password.rs). */
const LEAST = 12;

/** One's own password. `first`: an administrator chose the present one, and nothing else is allowed before. */
export function PasswordPage({ first = false }: { first?: boolean }): JSX.Element {
  const t = useText(texts);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [errors, setErrors] = useState<readonly FormError[]>([]);
  const attempt = useAttempt();
  const errorOf = (field: string): string | undefined => errors.find((error) => error.field === field)?.message;

  const submit = async (): Promise<void> => {
    const wrong: FormError[] = [];
    if (current === '') wrong.push({ field: 'current', message: t('password.current.missing') });
    if (Array.from(next).length < LEAST) wrong.push({ field: 'next', message: t('password.short', { n: LEAST }) });
    else if (next === current) wrong.push({ field: 'next', message: t('password.same') });
    if (again !== next) wrong.push({ field: 'again', message: t('password.differs') });
    setErrors(wrong);
    if (wrong.length > 0) return;
    await attempt.run(async () => {
      try {
        await changePassword(current, next);
        toast(t('password.done'));
        setCurrent('');
        setNext('');
        setAgain('');
      } catch (error) {
        if (error instanceof Problem && error.status === 401) setErrors([{ field: 'current', message: t('password.current.wrong') }]);
        else if (error instanceof Problem && error.field('new') !== undefined) setErrors([{ field: 'next', message: t('password.short', { n: LEAST }) }]);
        else throw error;
      }
    });
  };

  return (
    <Page title={first ? t('password.first.title') : t('password.title')} lead={first ? t('password.first.lead') : t('password.lead')}>
      <ErrorSummary errors={errors} />
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
        <input type="text" hidden readOnly autoComplete="username" value={staff.session.get()?.login ?? ''} />
        <TextField id="current" type="password" label={first ? t('password.first.current') : t('password.current')} value={current} onInput={setCurrent} error={errorOf('current')} autoComplete="current-password" />
        <TextField id="next" type="password" label={t('password.next')} hint={t('password.hint', { n: LEAST })} value={next} onInput={setNext} error={errorOf('next')} autoComplete="new-password" />
        <TextField id="again" type="password" label={t('password.again')} value={again} onInput={setAgain} error={errorOf('again')} autoComplete="new-password" />
        <Button type="submit" kind="primary" size="large" wide busy={attempt.busy}>
          {t('password.submit')}
        </Button>
      </form>
    </Page>
  );
}
