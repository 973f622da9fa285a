//! The commission's server: its folder, its settings, its start.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::process::{Programs, Role};
use super::{DemoError, make_folder, present, staff, wait_for, write};

/// How long the server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server's settings, in its folder.
const SETTINGS: &str = "hanpyo.toml";

/// The server of the demonstration.
pub(super) struct Deployment {
    pub(super) server: Role,
    pub(super) url: String,
    /// Folders of all roles are made here.
    pub(super) root: PathBuf,
    /// The server's file outbox, which stands for the voters' mail boxes.
    pub(super) outbox: PathBuf,
}

impl Deployment {
    pub(super) async fn start(
        programs: &Programs,
        root: &Path,
        port: u16,
        more_settings: &str,
    ) -> Result<Self, DemoError> {
        let folder = make_folder(root, "server")?;
        let data = folder.join("data");
        let outbox = make_folder(root, "voters-mail")?;
        let url = format!("http://127.0.0.1:{port}");
        let password = folder.join("root.password");
        write(&password, staff::PASSWORD)?;
        write(
            &folder.join(SETTINGS),
            &format!(
                "[storage]\ndata_dir = {:?}\n[http]\nbind = \"127.0.0.1:{port}\"\npublic_url = \"{url}\"\n[outbox]\nkind = \"file\"\ndir = {:?}\n{more_settings}",
                data.display().to_string(),
                outbox.display().to_string(),
            ),
        )?;
        programs
            .run(
                "hanpyo-server",
                &folder,
                &[
                    "--config",
                    SETTINGS,
                    "init",
                    "--tenant",
                    "seoul",
                    "--tenant-name",
                    "서울특별시선거관리위원회",
                    "--admin",
                    "root",
                    "--password-file",
                    &password.display().to_string(),
                ],
            )
            .await?;
        let server = serve(programs, &folder, &url).await?;
        present::line(&format!("listening on {url}"));
        Ok(Self {
            server,
            url,
            root: root.to_owned(),
            outbox,
        })
    }
}

/// Starts the server on a folder that has been made, and waits until it is ready.
pub(super) async fn serve(
    programs: &Programs,
    folder: &Path,
    url: &str,
) -> Result<Role, DemoError> {
    let arguments = ["--config", SETTINGS, "serve"];
    let server = programs.start("server", "hanpyo-server", folder, &arguments)?;
    let ready = format!("{url}/readyz");
    wait_for("the server's start", PATIENCE, async || {
        server.check_running().await?;
        Ok(reqwest::get(&ready)
            .await
            .is_ok_and(|answer| answer.status().is_success()))
    })
    .await?;
    Ok(server)
}
