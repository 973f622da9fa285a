//! `hanpyo-server init`: a data folder with database, keys, first tenant and administrator.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use clap::Args;
use diesel::connection::Connection as _;
use serde_json::json;
use zeroize::Zeroizing;

use super::CommandError;
use crate::auth::{
    KeyError, Keys, PasswordError, Passwords, Role, Roles, Secret, generate_password,
};
use crate::clock::{Clock, Millis};
use crate::config::{Config, StorageConfig};
use crate::db::connection::{self, Pragmas};
use crate::db::{self, DbError};
use crate::ids::{SlugError, check_slug, is_login};

#[derive(Args)]
pub(super) struct InitArgs {
    /// Short name of the first tenant, part of its paths: a-z, 0-9, hyphens
    #[arg(long, default_value = "main", value_name = "SLUG")]
    tenant: String,
    /// Name of the first tenant for people [default: its short name]
    #[arg(long, value_name = "NAME")]
    tenant_name: Option<String>,
    /// Log-in name of the first administrator
    #[arg(long, default_value = "admin", value_name = "LOGIN")]
    admin: String,
    /// File whose first line is the administrator's password; without it one is generated and
    /// printed once
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// What a new data folder begins with.
pub struct InitRequest {
    /// Slug of the first tenant.
    pub tenant: String,
    /// Name of the first tenant.
    pub tenant_name: String,
    /// Log-in name of the first administrator.
    pub admin: String,
    /// The administrator's password; `None` generates one.
    pub password: Option<Secret>,
}

/// What `init` made.
#[derive(Debug)]
pub struct Initialised {
    /// The generated password, to be shown once.
    pub generated_password: Option<Secret>,
}

/// Why `init` made nothing.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The folder holds something.
    #[error("{0} exists and is not empty; init never overwrites")]
    Exists(PathBuf),
    /// The tenant's short name.
    #[error("--tenant: {0}")]
    Slug(#[from] SlugError),
    /// The log-in name.
    #[error("--admin: expected 1 to 64 of a-z, 0-9, '.', '_', '@', '+', '-'")]
    Login,
    /// The tenant's name.
    #[error("--tenant-name: expected 1 to 200 characters")]
    TenantName,
    /// The password.
    #[error("password: {0}")]
    Password(#[from] PasswordError),
    /// A file or folder.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

pub(super) fn run(config: &Config, args: InitArgs) -> Result<(), CommandError> {
    let password = args
        .password_file
        .as_deref()
        .map(read_password)
        .transpose()?;
    let request = InitRequest {
        tenant_name: args.tenant_name.unwrap_or_else(|| args.tenant.clone()),
        tenant: args.tenant,
        admin: args.admin,
        password,
    };
    let made = init(config, &request, Clock::system().now())?;
    println!("data folder   {}", config.storage.data_dir.display());
    println!("tenant        {}", request.tenant);
    println!("administrator {}", request.admin);
    if let Some(password) = made.generated_password {
        println!(
            "password      {}   (shown this once; change it after the first log-in)",
            password.expose()
        );
    }
    Ok(())
}

/// Makes the data folder of `config`.
///
/// Everything is made in a folder beside it that is renamed at the end, so a failure or a crash
/// leaves no half-made data folder, only a `.init-*` folder that can be deleted.
///
/// # Errors
/// The folder is not empty, an argument is not valid, or something cannot be written.
pub fn init(config: &Config, request: &InitRequest, now: Millis) -> Result<Initialised, InitError> {
    check_slug(&request.tenant)?;
    if !is_login(&request.admin) {
        return Err(InitError::Login);
    }
    if !(1..=200).contains(&request.tenant_name.chars().count()) {
        return Err(InitError::TenantName);
    }
    let target = &config.storage.data_dir;
    refuse_used(target)?;
    let generated = request.password.is_none();
    let password = request.password.clone().unwrap_or_else(generate_password);
    let hash = Passwords::new(&config.auth)?.hash_blocking(&password)?;

    let parent = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(at(parent))?;
    let making = tempfile::Builder::new()
        .prefix(".init-")
        .permissions(fs::Permissions::from_mode(0o700))
        .tempdir_in(parent)
        .map_err(at(parent))?;
    let storage = config.storage.with_data_dir(making.path());
    let dirs = [
        storage.keys_dir(),
        storage.board_dir(),
        storage.outbox_dir(),
        storage.spool_dir(),
    ];
    for dir in dirs {
        DirBuilder::new()
            .mode(0o700)
            .create(&dir)
            .map_err(at(&dir))?;
    }
    Keys::generate(&storage.keys_dir())?;
    File::create_new(storage.lock_file()).map_err(at(&storage.lock_file()))?;
    let roles = [Role::PlatformAdmin, Role::TenantAdmin]
        .into_iter()
        .collect();
    make_database(&storage, request, &hash, &roles, now)?;

    let making = making.keep();
    fs::rename(&making, target).map_err(at(target))?;
    File::open(parent)
        .and_then(|dir| dir.sync_all())
        .map_err(at(parent))?;
    Ok(Initialised {
        generated_password: generated.then_some(password),
    })
}

fn make_database(
    storage: &StorageConfig,
    request: &InitRequest,
    hash: &crate::auth::PasswordHash,
    roles: &Roles,
    now: Millis,
) -> Result<(), InitError> {
    let path = storage.database();
    File::create_new(&path)
        .and_then(|file| file.set_permissions(fs::Permissions::from_mode(0o600)))
        .map_err(at(&path))?;
    let pragmas = Pragmas {
        busy_timeout_ms: storage.busy_timeout_ms,
        read_only: false,
    };
    let mut connection = connection::establish(&connection::url_of(&path)?, pragmas)?;
    db::migrations::apply(&mut connection)?;
    connection
        .transaction(|c| {
            db::tenants::create_instance(c, now)?;
            let tenant = db::tenants::create(c, &request.tenant, &request.tenant_name, now)?;
            let new = db::staff::NewStaff {
                tenant,
                login: &request.admin,
                password: hash,
                roles,
                made_by: None,
            };
            let admin = db::staff::create(c, &new, now)?;
            let deed = db::audit::Deed {
                tenant,
                actor: None,
                action: "init",
                target: format!("staff/{admin}").into(),
                election: None,
                detail: json!({ "roles": roles }),
            };
            db::audit::record(c, &deed, now)
        })
        .map_err(DbError::Query)?;
    Ok(())
}

fn refuse_used(dir: &Path) -> Result<(), InitError> {
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(InitError::Exists(dir.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(InitError::File {
            path: dir.to_owned(),
            source,
        }),
    }
}

fn read_password(path: &Path) -> Result<Secret, InitError> {
    let text = Zeroizing::new(fs::read_to_string(path).map_err(at(path))?);
    let line = text.lines().next().unwrap_or_default();
    Ok(Secret::new(line.to_owned()))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> InitError {
    let path = path.to_owned();
    move |source| InitError::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn config(dir: &Path) -> Config {
        let flags = vec![
            (
                "storage.data_dir".to_owned(),
                dir.join("data").display().to_string(),
            ),
            ("auth.argon2_memory_kib".to_owned(), "64".to_owned()),
        ];
        Config::load(&Sources {
            flags,
            ..Sources::default()
        })
        .unwrap()
    }

    fn request() -> InitRequest {
        InitRequest {
            tenant: "city".to_owned(),
            tenant_name: "City".to_owned(),
            admin: "alice".to_owned(),
            password: None,
        }
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn makes_a_private_folder_once() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        let made = init(&config, &request(), 1).unwrap();
        assert!(made.generated_password.is_some());
        assert_eq!(names(dir.path()), ["data"]);
        let data = &config.storage.data_dir;
        assert_eq!(
            fs::metadata(data).unwrap().permissions().mode() & 0o777,
            0o700
        );
        for name in names(&config.storage.keys_dir()) {
            let mode = fs::metadata(config.storage.keys_dir().join(name))
                .unwrap()
                .permissions();
            assert_eq!(mode.mode() & 0o777, 0o600);
        }
        let before = fs::read(config.storage.database()).unwrap();
        assert!(matches!(
            init(&config, &request(), 2),
            Err(InitError::Exists(_))
        ));
        assert_eq!(fs::read(config.storage.database()).unwrap(), before);
    }

    #[test]
    fn a_refused_argument_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let config = config(dir.path());
        let wrong = [
            InitRequest {
                tenant: "City".to_owned(),
                ..request()
            },
            InitRequest {
                admin: "Alice".to_owned(),
                ..request()
            },
            InitRequest {
                tenant_name: String::new(),
                ..request()
            },
            InitRequest {
                password: Some(Secret::new("short".to_owned())),
                ..request()
            },
        ];
        for request in wrong {
            assert!(init(&config, &request, 1).is_err());
        }
        assert_eq!(names(dir.path()), Vec::<String>::new());
    }
}
