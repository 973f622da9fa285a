import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { data } from '../../../api/client';
import { adminOperate as texts } from '../../../i18n/admin-operate';
import { useText } from '../../../i18n';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { toast } from '../../../ui/toast';
import { api } from '../session';
import { useAct } from './core/load';
import { E, type Office, type Schemas } from './core/office';
import { Trouble } from './trouble';

/** Strikes a voter from the online roll, for good, because they vote on paper. */
export function StrikeButton({ office, voter, onDone }: { office: Office; voter: Schemas['VoterView']; onDone: () => void }): JSX.Element {
  const t = useText(texts);
  const [asking, setAsking] = useState(false);
  const act = useAct();
  const strike = (): void =>
    void act.run(async () => {
      await data(api.POST(`${E}/paper/strikes`, { params: { path: office.path }, body: { voter_id: voter.voter_id } }));
      setAsking(false);
      toast(t('strike.done', { voter: voter.voter_id }));
      onDone();
    });
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t('strike.do')}</Button>
      <Dialog
        open={asking}
        title={t('strike.dialog')}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button kind="danger" busy={act.busy} onClick={strike}>
              {t('strike.confirm')}
            </Button>
            <Button kind="quiet" onClick={() => setAsking(false)}>
              {t('cancel')}
            </Button>
          </>
        }
      >
        <p>
          <strong>
            {voter.voter_id} · {voter.name}
          </strong>
        </p>
        <p>{t('strike.body')}</p>
        <Trouble error={act.error} />
      </Dialog>
    </>
  );
}
