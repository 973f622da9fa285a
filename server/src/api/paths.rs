//! Path parameters.

use serde::Deserialize;
use utoipa::IntoParams;

/// `/tenants/{tenant}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TenantPath {
    /// Slug of the tenant.
    pub(crate) tenant: String,
}

/// `/tenants/{tenant}/staff/{staff}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct StaffPath {
    /// Slug of the tenant.
    pub(crate) tenant: String,
    /// Number of the account.
    pub(crate) staff: i64,
}

/// `/tenants/{tenant}/elections/{election}`
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ElectionPath {
    /// Slug of the tenant.
    pub(crate) tenant: String,
    /// Slug of the election.
    pub(crate) election: String,
}
