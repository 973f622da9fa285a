//! The program; see [`hanpyo_verify::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(hanpyo_verify::cli::main(std::env::args_os()))
}
