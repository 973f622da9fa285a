import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { adminSetup as texts } from '../../i18n/admin-setup';
import { useText } from '../../i18n';
import { Problem } from '../../api/problem';
import { Button } from '../../ui/button';
import { ErrorSummary } from '../../ui/error-summary';
import { TextField } from '../../ui/field';
import { Page } from '../../ui/page';
import { useAttempt } from './attempt';
import { logIn } from './session';
import { Trouble } from './trouble';
import { useErrors, type Wrong } from './wrong';

const KEY = 'hanpyo.tenant';

/** The organisation: from a link, or as it was typed on this device last time. It is no secret. */
function lastTenant(): string {
  const asked = new URLSearchParams(location.search).get('tenant');
  try {
    return asked ?? localStorage.getItem(KEY) ?? '';
  } catch {
    return asked ?? '';
  }
}

function keepTenant(tenant: string): void {
  try {
    localStorage.setItem(KEY, tenant);
  } catch {
    // It is typed again next time.
  }
}

export function LoginPage(): JSX.Element {
  const t = useText(texts);
  const [tenant, setTenant] = useState(lastTenant);
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const errors = useErrors(t);
  const attempt = useAttempt();

  const submit = async (): Promise<void> => {
    const missing: Wrong<typeof t>[] = [];
    if (tenant.trim() === '') missing.push({ field: 'tenant', say: (now) => now('login.tenant.missing') });
    if (login.trim() === '') missing.push({ field: 'login', say: (now) => now('login.login.missing') });
    if (password === '') missing.push({ field: 'password', say: (now) => now('login.password.missing') });
    errors.set(missing);
    if (missing.length > 0) return;
    await attempt.run(async () => {
      try {
        await logIn(tenant.trim(), login.trim(), password);
        keepTenant(tenant.trim());
      } catch (error) {
        if (error instanceof Problem && error.status === 401) errors.set([{ field: 'password', say: (now) => now('login.wrong') }]);
        else throw error;
      }
    });
  };

  return (
    <Page title={t('login.title')} lead={t('login.lead')}>
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
        <TextField id="tenant" label={t('login.tenant')} hint={t('login.tenant.hint')} value={tenant} onInput={setTenant} error={errors.at('tenant')} autoComplete="organization" autoCapitalize="none" spellcheck={false} />
        <TextField id="login" label={t('login.login')} value={login} onInput={setLogin} error={errors.at('login')} autoComplete="username" autoCapitalize="none" spellcheck={false} />
        <TextField id="password" type="password" label={t('login.password')} value={password} onInput={setPassword} error={errors.at('password')} autoComplete="current-password" />
        <Button type="submit" kind="primary" size="large" wide busy={attempt.busy}>
          {t('login.submit')}
        </Button>
      </form>
      <p class="small soft">{t('login.help')}</p>
    </Page>
  );
}
