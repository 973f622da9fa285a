//! Writes the table of built pages: `web/dist/site` and `web/dist/local`, each file with the
//! compressed variants beside it. Pages that are not built give empty tables.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Made by the library from the other files, so a built one would only be a second truth.
const ASSET_MANIFEST: &str = "assets.json";

fn main() -> Result<(), Box<dyn Error>> {
    let dist = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut source = String::new();
    for (table, folder) in [("SITE", "site"), ("LOCAL", "local")] {
        write_table(&mut source, table, &dist.join(folder))?;
    }
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("pages.rs"), source)?;
    Ok(())
}

fn write_table(source: &mut String, table: &str, root: &Path) -> Result<(), Box<dyn Error>> {
    let mut files = Vec::new();
    if root.is_dir() {
        list(root, &mut files)?;
    }
    let mut named = Vec::with_capacity(files.len());
    for file in files {
        let path = relative(root, &file)?;
        if path != ASSET_MANIFEST && !is_variant(&file) {
            named.push((path, file));
        }
    }
    // Looked up by halving, so in the order of the names' bytes.
    named.sort();
    writeln!(source, "pub(crate) static {table}: &[Embedded] = &[")?;
    for (path, file) in &named {
        writeln!(
            source,
            "    Embedded {{ path: {path:?}, identity: include_bytes!({:?}), brotli: {}, gzip: {} }},",
            text(&file.canonicalize()?)?,
            variant(file, "br")?,
            variant(file, "gz")?,
        )?;
    }
    writeln!(source, "];")?;
    Ok(())
}

/// Every file below `folder`; hidden ones are none of the build's.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// `x.br` and `x.gz` beside `x`.
fn is_variant(file: &Path) -> bool {
    let compressed = file
        .extension()
        .is_some_and(|end| end == "br" || end == "gz");
    compressed && file.with_extension("").is_file()
}

fn variant(file: &Path, extension: &str) -> Result<String, Box<dyn Error>> {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    let path = PathBuf::from(name);
    if !path.is_file() {
        return Ok("None".to_owned());
    }
    let path = path.canonicalize()?;
    Ok(format!("Some(include_bytes!({:?}))", text(&path)?))
}

/// Path below `root` with `/` between its parts, as in addresses.
fn relative(root: &Path, file: &Path) -> Result<String, Box<dyn Error>> {
    let parts: Result<Vec<&str>, Box<dyn Error>> = file
        .strip_prefix(root)?
        .iter()
        .map(|part| text(Path::new(part)))
        .collect();
    Ok(parts?.join("/"))
}

fn text(path: &Path) -> Result<&str, Box<dyn Error>> {
    path.to_str()
        .ok_or_else(|| format!("{} is not UTF-8", path.display()).into())
}
