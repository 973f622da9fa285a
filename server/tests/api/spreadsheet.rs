//! Rolls as .xlsx.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use reqwest::Method;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::support::{Answer, Client, MEALS, TestServer};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const NAMESPACE: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
const HEADER: [Cell; 6] = [
    Text("voter_id"),
    Text("name"),
    Text("contact"),
    Text("district"),
    Text("style"),
    Text("weight"),
];

/// A cell as the file has it.
#[derive(Clone, Copy)]
enum Cell {
    /// In the table of texts.
    Text(&'static str),
    /// In the sheet.
    Inline(&'static str),
    Number(&'static str),
    /// A number shown as a date.
    Date(&'static str),
    Bool(&'static str),
    Nothing,
}
use Cell::{Bool, Date, Inline, Nothing, Number, Text};

/// A workbook as Excel writes it, with these sheets. Rows without cells are left out.
fn workbook(sheets: &[&[&[Cell]]]) -> Vec<u8> {
    let mut texts = Vec::new();
    let mut parts = Vec::new();
    let (mut list, mut relations, mut kinds) = (String::new(), String::new(), String::new());
    for (place, rows) in sheets.iter().enumerate() {
        let number = place + 1;
        let mut xml = String::new();
        for (row, cells) in rows
            .iter()
            .enumerate()
            .filter(|(_, cells)| !cells.is_empty())
        {
            let row = row + 1;
            write!(xml, "<row r=\"{row}\">").unwrap();
            for (column, cell) in ('A'..).zip(cells.iter()) {
                let at = format!("r=\"{column}{row}\"");
                match cell {
                    Text(text) => {
                        write!(xml, "<c {at} t=\"s\"><v>{}</v></c>", texts.len()).unwrap();
                        texts.push(*text);
                    }
                    Inline(text) => {
                        write!(xml, "<c {at} t=\"inlineStr\"><is><t>{text}</t></is></c>").unwrap();
                    }
                    Number(number) => write!(xml, "<c {at}><v>{number}</v></c>").unwrap(),
                    Date(day) => write!(xml, "<c {at} s=\"1\"><v>{day}</v></c>").unwrap(),
                    Bool(value) => write!(xml, "<c {at} t=\"b\"><v>{value}</v></c>").unwrap(),
                    Nothing => {}
                }
            }
            xml.push_str("</row>");
        }
        let sheet = format!("<worksheet {NAMESPACE}><sheetData>{xml}</sheetData></worksheet>");
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
        write!(
            list,
            "<sheet name=\"S{number}\" sheetId=\"{number}\" r:id=\"r{number}\"/>"
        )
        .unwrap();
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        write!(
            relations,
            "<Relationship Id=\"r{number}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        )
        .unwrap();
        write!(
            kinds,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        )
        .unwrap();
    }
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let texts: String = texts
        .iter()
        .map(|text| format!("<si><t>{text}</t></si>"))
        .collect();
    parts.extend([
        (
            "[Content_Types].xml".to_owned(),
            format!("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">{kinds}</Types>"),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r\" Type=\"{office}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!("<workbook {NAMESPACE} xmlns:r=\"{office}\"><sheets>{list}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                "<Relationships xmlns=\"{package}\">{relations}<Relationship Id=\"t\" \
                 Type=\"{office}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"s\" \
                 Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        ("xl/sharedStrings.xml".to_owned(), format!("<sst {NAMESPACE}>{texts}</sst>")),
        (
            "xl/styles.xml".to_owned(),
            format!(
                "<styleSheet {NAMESPACE}><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
    ]);
    zipped(
        parts
            .iter()
            .map(|(name, part)| (name.as_str(), part.as_bytes())),
    )
}

fn zipped<'p>(parts: impl Iterator<Item = (&'p str, &'p [u8])>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        archive
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(part).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn roll() -> String {
    format!("{MEALS}/roll")
}

async fn import(client: &Client, file: Vec<u8>) -> Answer {
    client.file(Method::POST, &roll(), XLSX, file).await
}

async fn dry_run(client: &Client, file: Vec<u8>) -> Value {
    let path = format!("{MEALS}/roll?dry_run=true");
    client
        .file(Method::POST, &path, XLSX, file)
        .await
        .expect(200)
}

/// `line column: reason` of each problem.
fn problems(report: &Value) -> Vec<String> {
    let list = report["problems"].as_array().unwrap().iter();
    let one = |p: &Value| {
        format!(
            "{} {}: {}",
            p["line"],
            p["column"],
            p["reason"].as_str().unwrap()
        )
    };
    list.map(one).collect()
}

#[actix_web::test]
async fn a_workbook_is_imported_like_a_csv_file() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let rows: &[&[Cell]] = &[
        &HEADER,
        &[
            Text("001"),
            Text("김하나"),
            Text("one@example.org"),
            Text("종로구"),
            Text("전체"),
            Number("1"),
        ],
        &[],
        &[
            Inline("002"),
            Text("이둘, \"둘\""),
            Inline("two@example.org"),
            Text("중구"),
        ],
        &[
            Text("003"),
            Text("박셋"),
            Text("010-1234-5678"),
            Text("Jung-gu"),
            Nothing,
            Text("2"),
        ],
    ];
    let file = workbook(&[rows, &[]]);
    let report = dry_run(&manager, file.clone()).await;
    assert_eq!(
        report,
        json!({ "rows": 3, "problems_total": 0, "problems": [] })
    );
    let view = import(&manager, file).await.expect(201);
    assert_eq!(view["voters"], 3);
    let found = manager
        .get(&format!("{MEALS}/voters?q=002"))
        .await
        .expect(200);
    assert!(found.to_string().contains("이둘, \\\"둘\\\""), "{found}");
}

#[actix_web::test]
async fn cells_that_are_not_what_was_typed_are_named_with_row_and_column() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let rows: &[&[Cell]] = &[
        &HEADER,
        &[
            Number("1"),
            Text("김하나"),
            Text("one@example.org"),
            Text("종로구"),
        ],
        &[],
        &[Text("v2"), Text("이둘"), Number("1012345678"), Text("중구")],
        &[
            Text("v3"),
            Date("45000"),
            Text("three@example.org"),
            Text("중구"),
        ],
        &[
            Text("v4"),
            Bool("1"),
            Text("four@example.org"),
            Text("중구"),
            Nothing,
            Number("1.5"),
        ],
        &[
            Text("v5"),
            Text("두\n줄"),
            Text("five@example.org"),
            Text("중구"),
        ],
    ];
    let file = workbook(&[rows]);
    let report = dry_run(&manager, file.clone()).await;
    let found = problems(&report);
    let expected = [
        "2 \"voter_id\": is a number",
        "4 \"contact\": is a number",
        "5 \"name\": is a date",
        "6 \"name\": is a truth value",
        "6 \"weight\": is a number",
        "7 \"name\": contains a line break",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}: {expected}");
    }
    import(&manager, file)
        .await
        .expect_problem(422, "invalid-file");
    assert_eq!(manager.get(&roll()).await.expect(200)["voters"], 0);

    // What CSV checks is checked too, in the same rows.
    let rows: &[&[Cell]] = &[
        &HEADER,
        &[],
        &[
            Text("v1"),
            Text("김하나"),
            Text("one@example.org"),
            Text("다른 구"),
        ],
    ];
    let report = dry_run(&manager, workbook(&[rows])).await;
    let found = problems(&report);
    assert!(
        found.len() == 1 && found[0].starts_with("3 \"district\""),
        "{found:?}"
    );
}

#[actix_web::test]
async fn what_is_no_single_sheet_is_refused() {
    let server = TestServer::start().await;
    let manager = server.approved_election().await;
    let row: &[Cell] = &[Text("v1")];
    let two: &[&[Cell]] = &[&HEADER, row];
    // Unpacked it would fill the memory.
    let bomb = vec![b' '; 257 << 20];
    let bomb = zipped([("xl/workbook.xml", bomb.as_slice())].into_iter());
    assert!(bomb.len() < 1 << 20);
    for (file, expected) in [
        (b"voter_id,name\n".to_vec(), "no .xlsx workbook"),
        (
            zipped([("readme", b"".as_slice())].into_iter()),
            "no .xlsx workbook",
        ),
        (
            workbook(&[two, two]),
            "expected one sheet with cells, found 2",
        ),
        (workbook(&[&[]]), "expected one sheet with cells, found 0"),
        (bomb, "larger than"),
    ] {
        let report = dry_run(&manager, file.clone()).await;
        let found = problems(&report);
        assert!(
            found.len() == 1 && found[0].contains(expected),
            "{expected}: {found:?}"
        );
        import(&manager, file)
            .await
            .expect_problem(422, "invalid-file");
    }
    let answer = manager
        .file(Method::POST, &roll(), "application/zip", workbook(&[two]))
        .await;
    answer.expect_problem(415, "unsupported-media-type");
}
