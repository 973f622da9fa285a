//! Rolls as spreadsheets (.xlsx), turned into the CSV that [`super::table`] reads: what is checked is the same,
//! and lines keep the numbers of the sheet's rows.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use zip::ZipArchive;

use super::report::Report;

/// Bytes that the parts of a workbook may have together when unpacked. Its texts are held in memory.
const MAX_UNPACKED: u64 = 256 << 20;
/// Columns that a sheet may have.
const MAX_COLUMNS: u32 = 64;
/// Rows that a sheet of Excel has.
const MAX_ROWS: u32 = 1 << 20;

/// Columns of the files that rolls are made of, and whether a number in them is what it looks like. Elsewhere a number is refused: the
/// spreadsheet has dropped leading zeros from what was typed.
const COLUMNS: [(&str, bool); 7] = [
    ("voter_id", false),
    ("name", false),
    ("contact", false),
    ("district", false),
    ("style", false),
    ("weight", true),
    ("credential_index", true),
];

/// Why a workbook could not be turned into a table; what is wrong with its content is in the [`Report`].
#[derive(Debug, thiserror::Error)]
enum SpreadsheetError {
    /// Reading or writing.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no workbook.
    #[error("the file is no .xlsx workbook: {0}")]
    Workbook(String),
}

impl From<XlsxError> for SpreadsheetError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Io(error) => Self::Io(error),
            other => Self::Workbook(other.to_string()),
        }
    }
}

/// Writes the only sheet of a workbook to `csv`. Problems are in the report; then what was written is of no use.
///
/// # Errors
/// Reading the file or writing the other one.
pub fn csv_of(xlsx: &File, csv: &File) -> io::Result<Report> {
    let mut report = Report::default();
    match convert(xlsx, csv, &mut report) {
        Ok(()) => Ok(report),
        Err(SpreadsheetError::Io(error)) => Err(error),
        Err(error @ SpreadsheetError::Workbook(_)) => {
            report.add(None, None, error.to_string());
            Ok(report)
        }
    }
}

fn convert(xlsx: &File, csv: &File, report: &mut Report) -> Result<(), SpreadsheetError> {
    if !unpacks_small(BufReader::new(xlsx))? {
        let reason = format!(
            "the workbook is larger than {MAX_UNPACKED} bytes when unpacked; save it as CSV"
        );
        report.add(None, None, reason);
        return Ok(());
    }
    let mut file = BufReader::new(xlsx);
    file.rewind()?;
    let mut workbook = Xlsx::new(file)?;
    let mut filled = Vec::new();
    for name in workbook.sheet_names() {
        // Charts are no tables.
        if let Ok(mut cells) = workbook.worksheet_cells_reader(&name)
            && cells.next_cell()?.is_some()
        {
            filled.push(name);
        }
    }
    let [name] = filled.as_slice() else {
        let reason = format!("expected one sheet with cells, found {}", filled.len());
        report.add(None, None, reason);
        return Ok(());
    };
    let mut cells = workbook.worksheet_cells_reader(name)?;
    let mut sheet = Sheet::new(csv);
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        if column >= MAX_COLUMNS || row >= MAX_ROWS {
            let reason =
                format!("the sheet has more than {MAX_COLUMNS} columns or {MAX_ROWS} rows");
            report.add(Some(u64::from(row) + 1), None, reason);
            return Ok(());
        }
        sheet.put(
            u64::from(row),
            usize::try_from(column).unwrap_or(usize::MAX),
            cell.get_value(),
            report,
        )?;
    }
    sheet.finish()?;
    Ok(())
}

/// Whether the archive's parts are small together, whatever its directory says of them.
fn unpacks_small(file: impl Read + Seek) -> Result<bool, SpreadsheetError> {
    let broken = |error: zip::result::ZipError| SpreadsheetError::Workbook(error.to_string());
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    let mut left = MAX_UNPACKED;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(broken)?;
        let unpacked = io::copy(&mut part.take(left.saturating_add(1)), &mut io::sink())
            .map_err(|error| SpreadsheetError::Workbook(error.to_string()))?;
        match left.checked_sub(unpacked) {
            Some(rest) => left = rest,
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// The rows written so far.
struct Sheet<W: Write> {
    csv: BufWriter<W>,
    /// Number of the row under way, from 0.
    row: u64,
    fields: Vec<String>,
    /// Known columns by their place; empty before the header.
    header: Vec<Option<(&'static str, bool)>>,
}

impl<W: Write> Sheet<W> {
    fn new(csv: W) -> Self {
        Self {
            csv: BufWriter::new(csv),
            row: 0,
            fields: Vec::new(),
            header: Vec::new(),
        }
    }

    fn put(
        &mut self,
        row: u64,
        column: usize,
        value: &DataRef<'_>,
        report: &mut Report,
    ) -> io::Result<()> {
        while self.row < row {
            self.end_row()?;
        }
        if row < self.row {
            report.add(
                Some(row + 1),
                None,
                "the rows of the sheet are not in order",
            );
            return Ok(());
        }
        let known = self.header.get(column).copied().flatten();
        let line = Some(row + 1);
        let name = known.map(|(name, _)| name);
        let text = match value {
            DataRef::Empty => return Ok(()),
            DataRef::String(text) => text.clone(),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Int(number) if known.is_some_and(|(_, number)| number) => number.to_string(),
            DataRef::Float(number)
                if known.is_some_and(|(_, number)| number) && number.fract() == 0.0 =>
            {
                format!("{number:.0}")
            }
            DataRef::Int(_) | DataRef::Float(_) => {
                let reason = "is a number, which may have lost leading zeros; format the column as text and type it again";
                report.add(line, name, reason);
                return Ok(());
            }
            DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => {
                report.add(line, name, "is a date or a time; format the column as text");
                return Ok(());
            }
            DataRef::Bool(_) => {
                report.add(line, name, "is a truth value; format the column as text");
                return Ok(());
            }
            DataRef::Error(error) => {
                report.add(
                    line,
                    name,
                    format!("is an error of the spreadsheet: {error}"),
                );
                return Ok(());
            }
        };
        if text.contains(['\n', '\r']) {
            // Lines of the CSV would not be rows of the sheet any more.
            report.add(line, name, "contains a line break");
            return Ok(());
        }
        while self.fields.len() <= column {
            self.fields.push(String::new());
        }
        if let Some(field) = self.fields.get_mut(column) {
            *field = text;
        }
        Ok(())
    }

    /// Writes the row under way; an empty one too, so that lines of the CSV are rows of the sheet.
    fn end_row(&mut self) -> io::Result<()> {
        self.row += 1;
        if self.header.is_empty() {
            if self.fields.is_empty() {
                return self.csv.write_all(b"\n");
            }
            let known = |name: &String| {
                let name = name.trim().to_lowercase();
                COLUMNS.into_iter().find(|(column, _)| *column == name)
            };
            self.header = self.fields.iter().map(known).collect();
        }
        // Empty cells at the end of a row are not in the file.
        let width = self.fields.len().max(self.header.len());
        self.fields.resize(width, String::new());
        let mut row = csv::WriterBuilder::new()
            .buffer_capacity(1024)
            .from_writer(&mut self.csv);
        row.write_record(&self.fields)?;
        row.flush()?;
        drop(row);
        self.fields.clear();
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.end_row()?;
        self.csv.flush()
    }
}
