//! Progress on a terminal as a bar, elsewhere as a plain line every few seconds.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Seconds between plain lines.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Shows how far a long step is. Writes to standard error only.
pub struct Progress {
    what: String,
    total: u64,
    done: u64,
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl Progress {
    /// Starts a step of `total` units; 0 if it is not known.
    #[must_use]
    pub fn start(what: &str, total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total);
            bar.set_style(style(total));
            bar.set_message(what.to_owned());
            bar
        });
        Self {
            what: what.to_owned(),
            total,
            done: 0,
            bar,
            last_line: Instant::now(),
        }
    }

    /// Says how many units are done of how many, where that was not known at the start.
    pub fn set_of(&mut self, done: u64, total: u64) {
        if self.total != total {
            self.total = total;
            if let Some(bar) = &self.bar {
                bar.set_length(total);
                bar.set_style(style(total));
            }
        }
        self.set(done);
    }

    /// Says how many units are done.
    pub fn set(&mut self, done: u64) {
        self.done = done;
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        } else if self.last_line.elapsed() >= PLAIN_EVERY {
            self.last_line = Instant::now();
            self.line();
        }
    }

    /// Adds units.
    pub fn add(&mut self, units: u64) {
        self.set(self.done.saturating_add(units));
    }

    /// Ends the step; a plain line says so where there is no bar.
    pub fn finish(mut self) {
        match self.bar.take() {
            Some(bar) => bar.finish(),
            None => self.line(),
        }
    }

    fn line(&self) {
        if self.total == 0 {
            eprintln!("{}: {}", self.what, self.done);
        } else {
            eprintln!("{}: {} of {}", self.what, self.done, self.total);
        }
    }
}

fn style(total: u64) -> ProgressStyle {
    let template = if total == 0 {
        "{msg} {spinner} {human_pos} ({per_sec})"
    } else {
        "{msg} [{bar:40}] {human_pos}/{human_len} ({per_sec}, {eta})"
    };
    let style = ProgressStyle::with_template(template);
    // The templates are constants; were one wrong, the default style would do.
    style.map_or_else(
        |_| ProgressStyle::default_bar(),
        |style| style.progress_chars("=> "),
    )
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.abandon();
        }
    }
}
