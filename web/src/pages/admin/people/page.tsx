import type { JSX } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import { data } from '../../../api/client';
import type { components } from '../../../api/schema';
import { adminPeople as texts } from '../../../i18n/admin-people';
import { useFormat, useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { CopyButton } from '../../../ui/hash';
import { Notice } from '../../../ui/notice';
import { Page } from '../../../ui/page';
import { Skeleton } from '../../../ui/progress';
import { Table } from '../../../ui/table';
import { Badge } from '../../../ui/timeline';
import { toast } from '../../../ui/toast';
import { useAttempt, useFetched } from '../attempt';
import { api, useAccount } from '../session';
import { Trouble } from '../trouble';
import { AddAccount, ChangeRoles } from './forms';

export type Person = components['schemas']['StaffView'];
type Changed = components['schemas']['ChangedStaff'];
type Change = Partial<components['schemas']['AccountChange']>;

type Open = { what: 'add' } | { what: 'roles' | 'disable' | 'reset'; person: Person } | null;

/** Accounts of the tenant. */
export function PeoplePage(): JSX.Element {
  const t = useText(texts);
  const format = useFormat();
  const account = useAccount();
  const { tenant } = account;
  const people = useFetched<readonly Person[]>(useCallback(() => data(api.GET('/api/v1/tenants/{tenant}/staff', { params: { path: { tenant } } })), [tenant]));
  const [open, setOpen] = useState<Open>(null);
  /** A password that the server told, once. */
  const [told, setTold] = useState<{ login: string; password: string } | null>(null);
  const change = useAttempt();

  const took = (changed: Changed): void => {
    setOpen(null);
    setTold(typeof changed.password === 'string' ? { login: changed.login, password: changed.password } : null);
    void people.load();
  };
  const apply = (person: Person, body: Change): Promise<boolean> =>
    change.run(async () => {
      took(await data(api.PATCH('/api/v1/tenants/{tenant}/staff/{staff}', { params: { path: { tenant, staff: person.id } }, body: { reset_password: false, ...body } })));
      toast(t('people.done'));
    });
  const close = (): void => {
    setOpen(null);
    change.clear();
  };
  const wrong = change.error === null ? null : <Trouble error={change.error} />;

  return (
    <Page title={t('people.title')} lead={t('people.lead')} wide>
      <Notice title={t('people.rule.title')}>
        <p>{t('people.rule')}</p>
      </Notice>
      {told && (
        <Notice kind="success" live="status" title={t('people.password.title', { login: told.login })}>
          <div class="row">
            <code class="admin-password" translate={false}>
              {told.password}
            </code>
            <CopyButton text={told.password} />
          </div>
          <p>{t('people.password')}</p>
          <p>{t('people.password.tenant', { tenant, login: told.login })}</p>
        </Notice>
      )}
      {open === null && wrong}
      <Trouble error={people.error} again={() => void people.load()} />
      <div class="row">
        <Button kind="primary" icon="plus" onClick={() => setOpen({ what: 'add' })}>
          {t('people.add')}
        </Button>
      </div>
      {people.value === null && people.error === null && <Skeleton label={t('loading')} lines={5} />}
      {people.value !== null && (
        <Table
          caption={t('people.table')}
          captionHidden
          rows={people.value}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'login',
              header: t('people.login'),
              rowHeader: true,
              sortBy: ({ login }) => login,
              cell: ({ id, login }) => (
                <>
                  {login} {id === account.staff_id && <Badge kind="plain">{t('people.you')}</Badge>}
                </>
              ),
            },
            { key: 'roles', header: t('people.roles'), cell: ({ roles }) => format.list(roles.map((role) => t(`role.${role}`))) },
            {
              key: 'state',
              header: t('people.state'),
              cell: ({ disabled, must_change_password: fresh }) => (disabled ? <Badge kind="danger">{t('people.state.disabled')}</Badge> : fresh ? <Badge>{t('people.state.new')}</Badge> : <Badge kind="success">{t('people.state.active')}</Badge>),
            },
            { key: 'since', header: t('people.since'), sortBy: ({ created_at: at }) => at, cell: ({ created_at: at }) => format.date(at) },
            {
              key: 'actions',
              header: t('people.actions'),
              cell: (person) => (
                <div class="admin-actions">
                  <Button kind="quiet" size="small" aria-label={t('people.change.of', { login: person.login })} onClick={() => setOpen({ what: 'roles', person })}>
                    {t('people.change')}
                  </Button>
                  <Button kind="quiet" size="small" aria-label={t('people.reset.of', { login: person.login })} onClick={() => setOpen({ what: 'reset', person })}>
                    {t('people.reset')}
                  </Button>
                  {person.disabled ? (
                    <Button kind="quiet" size="small" aria-label={t('people.enable.of', { login: person.login })} onClick={() => void apply(person, { disabled: false })}>
                      {t('people.enable')}
                    </Button>
                  ) : (
                    <Button kind="quiet" size="small" aria-label={t('people.disable.of', { login: person.login })} onClick={() => setOpen({ what: 'disable', person })}>
                      {t('people.disable')}
                    </Button>
                  )}
                </div>
              ),
            },
          ]}
        />
      )}
      <Dialog open={open?.what === 'add'} title={t('people.add.title')} onClose={close}>
        <AddAccount onMade={took} onCancel={close} />
      </Dialog>
      <Dialog open={open?.what === 'roles'} title={open?.what === 'roles' ? t('people.change.title', { login: open.person.login }) : ''} onClose={close}>
        {open?.what === 'roles' && <ChangeRoles person={open.person} busy={change.busy} error={change.error} onSave={(roles) => void apply(open.person, { roles: [...roles] })} onCancel={close} />}
      </Dialog>
      <Dialog
        open={open?.what === 'disable' || open?.what === 'reset'}
        title={open === null || open.what === 'add' ? '' : open.what === 'disable' ? t('people.disable.title', { login: open.person.login }) : t('people.reset.title', { login: open.person.login })}
        onClose={close}
        actions={
          open !== null &&
          open.what !== 'add' && (
            <>
              <Button kind={open.what === 'disable' ? 'danger' : 'primary'} busy={change.busy} onClick={() => void apply(open.person, open.what === 'disable' ? { disabled: true } : { reset_password: true })}>
                {open.what === 'disable' ? t('people.disable') : t('people.reset')}
              </Button>
              <Button onClick={close}>{t('people.cancel')}</Button>
            </>
          )
        }
      >
        {wrong}
        <p>{open?.what === 'disable' ? t('people.disable.body') : t('people.reset.body')}</p>
        {open?.what === 'reset' && <p>{t('people.hands')}</p>}
      </Dialog>
    </Page>
  );
}
