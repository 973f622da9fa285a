/** Pages that run an election: roll, messages, ceremony, voting, results. Shown in its navigation in this order. */
import type { ComponentType } from 'preact';
import type { Params } from '../../../app/router';
import type { adminOperate } from '../../../i18n/admin-operate';
import type { Permission } from '../permissions';
import { AuditPage } from './audit';
import { CeremonyPage } from './ceremony';
import { MessagesPage } from './messages';
import { ObjectionsPage } from './objections';
import { PaperPage } from './paper';
import { PapersPage } from './papers';
import { RequestsPage } from './requests';
import { ResultsPage } from './results';
import { RollPage } from './roll';
import { TurnoutPage } from './turnout';
import { VotersPage } from './voters';
import { VotingPage } from './voting';

export interface ElectionPage {
  /** After `/admin/e/:election/`. */
  path: string;
  /** Its name in the navigation. */
  label: Extract<keyof (typeof adminOperate)['ko'], `nav.${string}`>;
  /** Gets `tenant` and `election`. */
  page: ComponentType<{ params: Params }>;
  /** Who sees it in the navigation; everyone of the staff who reads elections without it. */
  needs?: Permission;
  /** Whether it is of use before the manifest is frozen. */
  beforeApproval?: boolean;
}

export const pages: readonly ElectionPage[] = [
  { path: 'ceremony', label: 'nav.ceremony', page: CeremonyPage },
  { path: 'roll', label: 'nav.roll', page: RollPage },
  { path: 'voters', label: 'nav.voters', page: VotersPage, needs: 'manage-roll' },
  { path: 'requests', label: 'nav.requests', page: RequestsPage },
  { path: 'messages', label: 'nav.messages', page: MessagesPage, needs: 'manage-roll' },
  { path: 'voting', label: 'nav.voting', page: VotingPage },
  { path: 'turnout', label: 'nav.turnout', page: TurnoutPage },
  { path: 'paper', label: 'nav.paper', page: PaperPage, needs: 'run-elections' },
  { path: 'results', label: 'nav.results', page: ResultsPage },
  { path: 'papers', label: 'nav.papers', page: PapersPage },
  { path: 'objections', label: 'nav.objections', page: ObjectionsPage },
  { path: 'audit', label: 'nav.audit', page: AuditPage, needs: 'read-audit' },
];
