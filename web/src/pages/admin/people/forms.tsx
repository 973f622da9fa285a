/** The forms of accounts: a new one, and the roles of one. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { type ApiError, Problem } from '../../../api/problem';
import type { components } from '../../../api/schema';
import { adminPeople as texts } from '../../../i18n/admin-people';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { ChoiceList } from '../../../ui/choice-list';
import { TextField } from '../../../ui/field';
import { useAttempt } from '../attempt';
import { api, type Role, useAccount } from '../session';
import { Trouble } from '../trouble';
import type { Person } from './page';

const ROLES: readonly Role[] = ['manager', 'approver', 'auditor', 'authority', 'tenant_admin', 'platform_admin'];
const isRole = (value: string): value is Role => ROLES.some((role) => role === value);

function RoleChoice({ value, onChange, error }: { value: readonly Role[]; onChange: (roles: Role[]) => void; error: string | null }): JSX.Element {
  const t = useText(texts);
  const { roles } = useAccount();
  // Only the platform's administrators make others of them; an account that is one already keeps the row.
  const offered = ROLES.filter((role) => role !== 'platform_admin' || roles.includes(role) || value.includes(role));
  return <ChoiceList many id="roles" legend={t('people.roles')} error={error} options={offered.map((role) => ({ value: role, label: t(`role.${role}`), detail: t(`role.${role}.detail`) }))} value={value} onChange={(chosen) => onChange(chosen.filter(isRole))} />;
}

export function AddAccount({ onMade, onCancel }: { onMade: (made: components['schemas']['ChangedStaff']) => void; onCancel: () => void }): JSX.Element {
  const t = useText(texts);
  const { tenant } = useAccount();
  const [login, setLogin] = useState('');
  const [roles, setRoles] = useState<Role[]>([]);
  const [wrong, setWrong] = useState<{ login?: string; roles?: string }>({});
  const attempt = useAttempt();

  const submit = async (): Promise<void> => {
    const name = login.trim();
    const found = {
      ...(/^[a-z0-9.\-_@+]{1,64}$/.test(name) ? {} : { login: t('people.login.wrong') }),
      ...(roles.length > 0 ? {} : { roles: t('people.roles.missing') }),
    };
    setWrong(found);
    const first = Object.keys(found)[0];
    if (first !== undefined) return document.getElementById(first)?.focus();
    await attempt.run(async () => {
      try {
        onMade(await data(api.POST('/api/v1/tenants/{tenant}/staff', { params: { path: { tenant } }, body: { login: name, roles } })));
      } catch (error) {
        if (error instanceof Problem && error.code === 'login-taken') setWrong({ login: t('people.login.taken') });
        else if (error instanceof Problem && error.field('roles') !== undefined) setWrong({ roles: t('people.roles.refused') });
        else if (error instanceof Problem && error.field('login') !== undefined) setWrong({ login: t('people.login.wrong') });
        else throw error;
      }
    });
  };

  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!attempt.busy) void submit();
      }}
    >
      <Trouble error={attempt.error} />
      <TextField id="login" label={t('people.login')} hint={t('people.login.hint')} value={login} onInput={setLogin} error={wrong.login} autoComplete="off" autoCapitalize="none" spellcheck={false} />
      <RoleChoice value={roles} onChange={setRoles} error={wrong.roles ?? null} />
      <div class="dialog-actions">
        <Button type="submit" kind="primary" busy={attempt.busy}>
          {t('people.add.submit')}
        </Button>
        <Button onClick={onCancel}>{t('people.cancel')}</Button>
      </div>
    </form>
  );
}

export function ChangeRoles({ person, busy, error, onSave, onCancel }: { person: Person; busy: boolean; error: ApiError | null; onSave: (roles: readonly Role[]) => void; onCancel: () => void }): JSX.Element {
  const t = useText(texts);
  const [roles, setRoles] = useState<Role[]>([...person.roles]);
  const [missing, setMissing] = useState(false);
  const last = error instanceof Problem && error.code === 'last-administrator';
  const refused = error instanceof Problem && error.field('roles') !== undefined;
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(roles.length === 0);
        if (roles.length > 0 && !busy) onSave(roles);
      }}
    >
      {!last && !refused && <Trouble error={error} />}
      <RoleChoice value={roles} onChange={setRoles} error={missing ? t('people.roles.missing') : last ? t('people.last') : refused ? t('people.roles.refused') : null} />
      <p class="small soft">{t('people.hands')}</p>
      <div class="dialog-actions">
        <Button type="submit" kind="primary" busy={busy}>
          {t('people.change.submit')}
        </Button>
        <Button onClick={onCancel}>{t('people.cancel')}</Button>
      </div>
    </form>
  );
}
