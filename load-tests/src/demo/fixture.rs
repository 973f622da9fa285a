//! Elections set up by the real programs on a real server and left to their voters, for benchmarks and tests.

use std::path::{Path, PathBuf};

use super::deployment::{Deployment, serve};
use super::process::Programs;
use super::{DemoError, STOPPING, options, plan, stage, temporary};

/// Seconds of a day.
const DAY: u64 = 86_400;

/// When an election's voting time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Open for a day from now on.
    Open,
    /// Opens tomorrow.
    Tomorrow,
    /// Over.
    Over,
}

/// A server in a temporary folder.
pub struct Fixture {
    programs: Programs,
    deployment: Deployment,
    // Removed after the programs above are gone.
    folder: tempfile::TempDir,
}

/// An election on it, everything before voting done.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Address of its board.
    pub board: String,
    /// The log's vkey.
    pub vkey: String,
    /// The authority's letters, a CSV file.
    pub letters: PathBuf,
    /// Identifiers and contacts of the voters.
    pub voters: Vec<(String, String)>,
}

impl Fixture {
    /// Starts a server, with the programs in `binaries` or, if none is named, beside the running one, and with more
    /// settings (TOML) than where it listens and keeps its files.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn start(binaries: Option<&Path>, settings: &str) -> Result<Self, DemoError> {
        crate::use_tls();
        let binaries = match binaries {
            Some(binaries) => Programs::all_in(binaries)?,
            None => Programs::beside_this_one()?,
        };
        let folder = temporary("hanpyo-fixture-")?;
        let programs = Programs::new(binaries, folder.path().join("logs"))?;
        let port = options::free_port(None)?;
        let deployment = Deployment::start(&programs, folder.path(), port, settings).await?;
        Ok(Self {
            programs,
            deployment,
            folder,
        })
    }

    /// Sets up a yes/no election of so many voters and waits until it is as `window` says.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn election(
        &self,
        slug: &'static str,
        voters: usize,
        window: Window,
    ) -> Result<Ready, DemoError> {
        let plan = plan::yes_no(slug, voters);
        let now = stage::now();
        let (times, phase) = match window {
            Window::Open => (stage::Times::Between(now, now + DAY), "open"),
            Window::Tomorrow => (stage::Times::Between(now + DAY, now + 2 * DAY), "sealed"),
            // Setting up takes longer or not: it is over either way once this phase is reached.
            Window::Over => (stage::Times::Between(now, now + 2), "closed"),
        };
        let ready = stage::set_up(&self.deployment, &self.programs, &plan, times, phase).await?;
        let electors = plan.electors.into_iter();
        Ok(Ready {
            slug,
            board: ready.board,
            vkey: ready.vkey,
            letters: ready.letters,
            voters: electors
                .map(|elector| (elector.voter_id, elector.contact))
                .collect(),
        })
    }

    /// Revokes a credential and issues another in its place; the voter's new letter, a CSV file.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn replace(&self, ready: &Ready, credential: u32) -> Result<PathBuf, DemoError> {
        let which = (ready.slug, ready.vkey.as_str());
        stage::replace(&self.deployment, &self.programs, which, credential).await
    }

    /// Address of the server.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.deployment.url
    }

    /// Where messages to voters arrive.
    #[must_use]
    pub fn outbox(&self) -> &Path {
        &self.deployment.outbox
    }

    /// The server's data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("server/data")
    }

    /// Stops the server and starts it again; `meanwhile` runs while it is away.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn restart(&mut self, meanwhile: impl Future<Output = ()>) -> Result<(), DemoError> {
        self.deployment.server.stop(STOPPING).await?;
        meanwhile.await;
        let folder = self.folder.path().join("server");
        self.deployment.server = serve(&self.programs, &folder, &self.deployment.url).await?;
        Ok(())
    }

    /// Stops the server and removes its folder.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn stop(self) -> Result<(), DemoError> {
        self.deployment.server.stop(STOPPING).await?;
        let removed = self.folder.close();
        removed.map_err(|source| DemoError::io("removing the server's folder", source))
    }
}
