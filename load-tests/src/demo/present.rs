//! What the demonstration shows: phases, tables, bars.

use std::io::{IsTerminal, Write};

/// Whether steps are shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Voice {
    /// With headings and lines.
    Aloud,
    /// Not at all.
    Silent,
}

impl Voice {
    /// A phase heading.
    pub(super) fn phase(self, number: usize, title: &str) {
        if matches!(self, Self::Aloud) {
            phase(number, title);
        }
    }

    /// A line under the current phase.
    pub(super) fn line(self, text: &str) {
        if matches!(self, Self::Aloud) {
            line(text);
        }
    }
}

/// A phase heading.
pub(super) fn phase(number: usize, title: &str) {
    if std::io::stdout().is_terminal() {
        println!("\n\x1b[1m{number}. {title}\x1b[0m");
    } else {
        println!("\n{number}. {title}");
    }
}

/// A line under the current phase.
pub(super) fn line(text: &str) {
    println!("   {text}");
}

/// A line that the next one replaces on a terminal; elsewhere printed only every tenth part.
pub(super) fn progress(done: u64, total: u64, what: &str) {
    if std::io::stdout().is_terminal() {
        print!(
            "\r   {} {done:>7} of {total} {what}   ",
            bar(done, total, 30)
        );
        if done >= total {
            println!();
        }
        // A progress line that cannot be shown is no reason to stop an election.
        drop(std::io::stdout().flush());
    } else if done >= total {
        line(&format!("{done} of {total} {what}"));
    }
}

/// `width` cells filled in proportion.
pub(super) fn bar(part: u64, whole: u64, width: u64) -> String {
    let eighths = (part.min(whole) * width * 8)
        .checked_div(whole)
        .unwrap_or(0);
    let blocks = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let mut text = String::new();
    for _ in 0..eighths / 8 {
        text.push('█');
    }
    let rest = usize::try_from(eighths % 8)
        .ok()
        .and_then(|rest| blocks.get(rest))
        .copied()
        .unwrap_or_default();
    text.push_str(rest);
    let cells = eighths / 8 + u64::from(!rest.is_empty());
    for _ in cells..width {
        text.push(' ');
    }
    text
}

/// "25.7 %".
pub(super) fn percent(part: u64, whole: u64) -> String {
    let thousandths = (part * 1000 + whole / 2).checked_div(whole).unwrap_or(0);
    format!("{}.{} %", thousandths / 10, thousandths % 10)
}

/// Text padded to a number of terminal cells; Hangul takes two.
pub(super) fn padded(text: &str, cells: usize) -> String {
    let used: usize = text
        .chars()
        .map(|character| if is_wide(character) { 2 } else { 1 })
        .sum();
    format!("{text}{}", " ".repeat(cells.saturating_sub(used)))
}

fn is_wide(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_wide_as_asked() {
        for part in 0..=100 {
            assert_eq!(bar(part, 100, 12).chars().count(), 12, "{part}");
        }
        assert_eq!(bar(1, 2, 4), "██  ");
        assert_eq!(bar(1, 0, 2), "  ");
    }

    #[test]
    fn percentages_round() {
        assert_eq!(percent(2158, 8387), "25.7 %");
        assert_eq!(percent(0, 0), "0.0 %");
    }

    #[test]
    fn hangul_takes_two_cells() {
        assert_eq!(padded("강남구", 8), "강남구  ");
    }
}
