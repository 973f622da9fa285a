//! Roles of staff and what each allows, in one table.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::names::names;

/// A role. An account may hold several; two-person rules compare persons, not roles.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Makes tenants. Sees nothing inside other tenants than its own.
    PlatformAdmin,
    /// Manages the tenant's staff.
    TenantAdmin,
    /// Drafts and runs elections, imports the electoral roll.
    Manager,
    /// Approves what a manager submitted.
    Approver,
    /// Reads everything that is no personal data, the audit trail included.
    Auditor,
    /// The credential authority's clerk: uploads credentials and their assignment.
    Authority,
}

/// What a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Make and list tenants.
    ManageTenants,
    /// Make, lock and change accounts.
    ManageStaff,
    /// Read the audit trail.
    ReadAudit,
    /// Read elections and counts of their rolls.
    ReadElections,
    /// Draft, edit and submit elections.
    EditElections,
    /// Approve or return submitted elections.
    ApproveElections,
    /// Import and clear electoral rolls.
    ManageRoll,
    /// Upload credentials and their assignment to voters.
    AssignCredentials,
    /// Open, close and otherwise run an approved election.
    RunElections,
}

names!(
    Role {
        PlatformAdmin = "platform_admin",
        TenantAdmin = "tenant_admin",
        Manager = "manager",
        Approver = "approver",
        Auditor = "auditor",
        Authority = "authority",
    },
    UnknownRole = "{0:?} is no role"
);

impl Role {
    /// Whether this role allows it.
    #[must_use]
    pub fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::PlatformAdmin => matches!(permission, P::ManageTenants),
            Self::TenantAdmin => {
                matches!(permission, P::ManageStaff | P::ReadAudit | P::ReadElections)
            }
            Self::Manager => matches!(
                permission,
                P::ReadElections | P::EditElections | P::ManageRoll | P::RunElections
            ),
            Self::Approver => matches!(permission, P::ReadElections | P::ApproveElections),
            Self::Auditor => matches!(permission, P::ReadElections | P::ReadAudit),
            Self::Authority => matches!(permission, P::ReadElections | P::AssignCredentials),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The roles of one account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<Role>)]
pub struct Roles(BTreeSet<Role>);

impl Roles {
    /// Whether `role` is among them.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// Whether any of them allows it.
    #[must_use]
    pub fn allow(&self, permission: Permission) -> bool {
        self.0.iter().any(|role| role.allows(permission))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sorted names separated by one space, as stored.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.0
            .iter()
            .map(|role| role.name())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}

/// Reads the stored form; diesel calls it.
impl TryFrom<String> for Roles {
    type Error = UnknownRole;

    fn try_from(text: String) -> Result<Self, UnknownRole> {
        text.split_whitespace().map(str::parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Role; 6] = [
        Role::PlatformAdmin,
        Role::TenantAdmin,
        Role::Manager,
        Role::Approver,
        Role::Auditor,
        Role::Authority,
    ];

    #[test]
    fn stored_form_round_trips() {
        let roles: Roles = ALL.into_iter().collect();
        assert_eq!(Roles::try_from(roles.to_text()).unwrap(), roles);
        assert!(Roles::try_from("manager king".to_owned()).is_err());
        assert!(Roles::try_from(String::new()).unwrap().is_empty());
    }

    #[test]
    fn names_agree_with_the_api() {
        for role in ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
    }

    #[test]
    fn platform_admins_see_no_elections_and_managers_do_not_approve() {
        assert!(!Role::PlatformAdmin.allows(Permission::ReadElections));
        assert!(!Role::Manager.allows(Permission::ApproveElections));
        assert!(!Role::Approver.allows(Permission::EditElections));
        assert!(!Role::TenantAdmin.allows(Permission::ManageRoll));
    }
}
