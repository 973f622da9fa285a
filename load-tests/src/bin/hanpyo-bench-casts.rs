//! `hanpyo-bench-casts [VOTERS]`: prints casts_per_s of the embedded default as a JSON line. A rate measured over less
//! than half a minute is none: buffers take the first seconds.

use std::process::ExitCode;
use std::time::Duration;

use hanpyo_load_tests::casts;

/// Enough for half a minute at twice the rate to reach.
const VOTERS: usize = 100_000;
/// The shortest time that counts.
const SHORTEST: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let voters = std::env::args()
        .nth(1)
        .map_or(Ok(VOTERS), |text| text.parse());
    let Ok(voters) = voters else {
        eprintln!("hanpyo-bench-casts: the number of voters is no number");
        return ExitCode::from(2);
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("hanpyo-bench-casts: {error}");
            return ExitCode::from(2);
        }
    };
    match runtime.block_on(casts::run(voters)) {
        Ok(measured) if measured.took < SHORTEST => {
            let (took, shortest) = (measured.took.as_secs_f64(), SHORTEST.as_secs());
            eprintln!(
                "hanpyo-bench-casts: {voters} ballots took {took:.1} s; a rate needs at least {shortest} s, give more voters"
            );
            ExitCode::FAILURE
        }
        Ok(measured) => {
            let seconds = measured.took.as_secs_f64();
            let rate = u32::try_from(measured.recorded).map_or(0.0, f64::from) / seconds;
            println!("{{\"casts_per_s\": {rate:.1}}}");
            println!("{{\"casts_seconds\": {seconds:.1}}}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("hanpyo-bench-casts: {error}");
            ExitCode::FAILURE
        }
    }
}
