/** Pages that run an election: roll, messages, ceremony, voting, results. Shown in its navigation in this order. */
import type { ComponentType } from 'preact';
import type { Params } from '../../../app/router';
import type { adminOperate } from '../../../i18n/admin-operate';
import type { Permission } from '../permissions';

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

export const pages: readonly ElectionPage[] = [];
