//! Hanpyo's API server on its embedded default: SQLite and files, nothing to install.
//!
//! | module | what it is |
//! |---|---|
//! | [`config`] | settings: file, environment, flags; all problems at once |
//! | [`cli`] | the commands of `hanpyo-server` |
//! | [`app`], [`state`] | start and stop; what handlers can reach |
//! | [`api`] | routes under `/api/v1`, one module a resource: authorize, load, act, respond |
//! | [`auth`] | passwords, tokens, roles, rate limits; extractors of the caller |
//! | [`draft`], [`election_keys`] | an election until it is frozen; the server's keys for it |
//! | [`frozen`] | approved elections in memory, by the slugs of public paths |
//! | [`public_api`] | what the public pages read: lists, timeline, trustees, booth |
//! | [`roll`] | electoral rolls as CSV files |
//! | [`db`] | the database: readers, the one writer, every query |
//! | [`lots_api`] | the order of options drawn by lot |
//! | [`voters_api`], [`objections_api`] | single voters of the roll and messages to them; what observers object to |
//! | [`voter`], [`outbox`] | identification by one-time code; messages to voters |
//! | [`board`], [`pages`] | static files: the published logs; the web pages |
//! | [`problem`] | errors over HTTP (RFC 9457) |
//! | [`clock`], [`ids`], `names`, [`logging`] | time, identifiers, names of values, logs |
//!
//! Everything about a tenant is reached through a [`ids::TenantId`] that an authorised session
//! handed out; another tenant's things answer 404 like things that do not exist.

pub mod api;
pub mod app;
pub mod auth;
pub mod board;
pub mod cast;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod draft;
pub mod election_keys;
pub mod frozen;
pub mod ids;
pub mod ledger_api;
pub mod logging;
pub mod lots_api;
mod names;
pub mod objections_api;
pub mod outbox;
pub mod pages;
pub mod problem;
pub mod public_api;
pub mod roll;
pub mod sequencer;
mod slow_body;
pub mod state;
pub mod voter;
pub mod voters_api;
