//! `hanpyo-server`: see [`hanpyo_server::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    hanpyo_server::cli::main()
}
