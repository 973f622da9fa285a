//! A full disk: writing is refused, reading goes on, and when there is room again so does writing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::process::{Process, arguments, free_port};
use super::support::{Planted, TENANT, read_board, spec};

/// How a disk becomes full for one server only. Its log is on that disk too: not being able to write
/// it must not hurt.
enum Disk {
    /// A small file system that only the server sees, made in a mount namespace with these
    /// arguments of `unshare`.
    Small(&'static [&'static str]),
    /// The limit on the size of files (RLIMIT_FSIZE), lowered while the server runs: its writes
    /// fail with EFBIG. Needs no privilege.
    Limited,
}

impl Disk {
    /// A small file system: as root, or as the root of a user namespace.
    fn small() -> Option<Self> {
        let ways: [&[&str]; 2] = [&["--mount"], &["--map-root-user", "--mount"]];
        ways.into_iter().find(|way| may_mount(way)).map(Self::Small)
    }

    /// A server on `planted` with such a disk, and where it sees the data folder from here.
    async fn serve(&self, planted: &Planted, ids: Ids) -> (Process, PathBuf) {
        let port = free_port();
        let program = env!("CARGO_BIN_EXE_hanpyo-server");
        let folder = planted.dir.path();
        let mut command;
        match self {
            Self::Small(way) => {
                let disk = folder.join("disk");
                fs::create_dir(&disk).unwrap();
                let script = format!(
                    "mount -t tmpfs -o size=16m tmpfs {disk} && cp -a {data} {disk}/data && exec \"$0\" \"$@\" 2>{disk}/log",
                    disk = disk.display(),
                    data = folder.join("data").display(),
                );
                command = Command::new("unshare");
                command.args(*way).args(["sh", "-c", &script, program]);
                command.args(arguments(&disk, port, &[]));
                let process = spawn(command, port, planted, ids).await;
                let inside = format!("/proc/{}/root{}", process.id(), disk.display());
                (process, PathBuf::from(inside).join("data"))
            }
            Self::Limited => {
                // An ignored SIGXFSZ stays ignored, so that writes fail instead of killing.
                let log = folder.join("log");
                let script = format!("trap '' XFSZ; exec \"$0\" \"$@\" 2>{}", log.display());
                command = Command::new("sh");
                command.args(["-c", &script, program]);
                command.args(arguments(folder, port, &[]));
                (
                    spawn(command, port, planted, ids).await,
                    folder.join("data"),
                )
            }
        }
    }

    fn fill(&self, process: &Process, data: &Path) {
        match self {
            Self::Small(_) => fill(&data.join("filler")),
            Self::Limited => limit(process, "1"),
        }
    }

    fn make_room(&self, process: &Process, data: &Path) {
        match self {
            Self::Small(_) => fs::remove_file(data.join("filler")).unwrap(),
            Self::Limited => limit(process, "unlimited"),
        }
    }
}

type Ids = (hanpyo_server::ids::TenantId, hanpyo_server::ids::ElectionId);

async fn spawn(command: Command, port: u16, planted: &Planted, ids: Ids) -> Process {
    Process::spawn(command, port, &planted.config, &planted.slug, ids).await
}

fn may_mount(way: &[&str]) -> bool {
    let mut command = Command::new("unshare");
    command.args(way);
    command.args(["sh", "-c", "mount -t tmpfs tmpfs /mnt"]);
    command.output().is_ok_and(|output| output.status.success())
}

/// Fills the disk to the last byte.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = fs::File::create(path).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

/// Sets the server's soft limit on the size of files.
fn limit(process: &Process, bytes: &str) {
    let status = Command::new("prlimit")
        .args(["--pid", &process.id().to_string()])
        .arg(format!("--fsize={bytes}:"))
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "prlimit (util-linux) is needed to make this server's disk full"
    );
}

async fn refuses_and_recovers(disk: Disk) {
    let mut server = Planted::new(spec(20)).start();
    server.open().await;
    let first = server.cast(0, 0).await;
    let ballots: Vec<Vec<u8>> = (1..4).map(|n| server.ballot(n, Some(0))).collect();
    let ledger = server.running.state.ledgers.all().remove(0);
    let ids = (ledger.id().tenant, ledger.id().election);
    drop(ledger);
    let planted = server.stop().await;
    let (process, data) = disk.serve(&planted, ids).await;

    let answer = process.voter(1).cast(&ballots[0]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    disk.fill(&process, &data);
    let voter = process.voter(2);
    let refused = voter.cast(&ballots[1]).await;
    refused.expect_problem(503, "cannot-write");
    let public = process.client.get("public").await.expect(200);
    assert_eq!(public["phase"], "open", "reading goes on");
    let board = format!("/board/{TENANT}/{}/checkpoint", planted.slug);
    assert_eq!(process.client.get_at(&board).await.status, 200);

    disk.make_room(&process, &data);
    for (credential, ballot) in [(2, &ballots[1]), (3, &ballots[2])] {
        let voter = process.voter(credential);
        let mut tries = 0;
        loop {
            let answer = voter.cast(ballot).await;
            if answer.status == 200 {
                break;
            }
            assert_eq!(answer.status, 503, "{answer:?}");
            tries += 1;
            assert!(tries < 500, "it does not recover");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    for _ in 0..500 {
        let turnout = process.client.get("turnout").await.expect(200);
        if turnout["counted"] == 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let board = data.join("board").join(TENANT).join(&planted.slug);
    let entries = read_board(&board, &planted.kit);
    for ballot in std::iter::once(&first).chain(&ballots) {
        assert_eq!(entries.iter().filter(|entry| *entry == ballot).count(), 1);
    }
    process.stop().await;
}

/// On a real small file system where one can be mounted; elsewhere with limited files.
#[actix_web::test]
async fn a_full_disk_refuses_writes_and_recovers() {
    refuses_and_recovers(Disk::small().unwrap_or(Disk::Limited)).await;
}

#[actix_web::test]
async fn files_that_cannot_grow_refuse_writes_and_recover() {
    refuses_and_recovers(Disk::Limited).await;
}
