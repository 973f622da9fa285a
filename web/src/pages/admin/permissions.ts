/** What roles allow, to show only what can be done. The server decides by its own table (server/src/auth/roles.rs). */
import type { Role } from './session';

export type Permission = 'manage-staff' | 'read-audit' | 'read-elections' | 'edit-elections' | 'approve-elections' | 'manage-roll' | 'assign-credentials' | 'run-elections';

const ALLOWED: Readonly<Record<Role, readonly Permission[]>> = {
  platform_admin: [],
  tenant_admin: ['manage-staff', 'read-audit', 'read-elections'],
  manager: ['read-elections', 'edit-elections', 'manage-roll', 'run-elections'],
  approver: ['read-elections', 'approve-elections'],
  auditor: ['read-elections', 'read-audit'],
  authority: ['read-elections', 'assign-credentials'],
};

export const can = ({ roles }: { roles: readonly Role[] }, permission: Permission): boolean => roles.some((role) => ALLOWED[role].includes(permission));
