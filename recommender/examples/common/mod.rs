//! Reads the public purchase histories: a folder with `history.csv.gz`, `future.csv.gz` and key
//! sets that name the users to learn from, to choose by, and to test on.

#![expect(
    clippy::as_conversions,
    reason = "quantities are held within bounds; ids were made from numbers"
)]

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use recommender::{Day, Item, Line, Order, PurchaseHistory};
use serde::Deserialize;
use trade::id::{AccountId, CategoryId, ProductBrandId, ProductId};
use uuid::Uuid;

/// Which users are for what.
#[derive(Debug, Clone, Deserialize)]
pub struct KeySet {
    #[serde(default)]
    pub train: Vec<User>,
    #[serde(default)]
    pub val: Vec<User>,
    #[serde(default)]
    pub test: Vec<User>,
}

/// A user as files name them: a number or a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(untagged)]
pub enum User {
    Number(u64),
    Text(String),
}

impl User {
    /// As predictions name them.
    pub fn name(&self) -> String {
        match self {
            User::Number(number) => number.to_string(),
            User::Text(text) => text.clone(),
        }
    }

    pub fn number(&self) -> u64 {
        match self {
            User::Number(number) => *number,
            User::Text(text) => user_number(text),
        }
    }
}

/// A number for a user's name: itself where it is one.
fn user_number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| {
        text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    })
}

/// Lines of a file: user, number of the basket, day, item, pieces.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub user: u64,
    pub seq: i32,
    pub day: Option<i32>,
    pub item: u64,
    pub pieces: u32,
}

/// A file, unpacked where its content is gzip whatever it is called.
fn open(path: &Path) -> Result<Box<dyn Read>> {
    let packed = path.with_extension(format!(
        "{}.gz",
        path.extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default()
    ));
    let path = if path.exists() {
        path
    } else {
        packed.as_path()
    };
    let mut magic = [0; 2];
    let read = File::open(path)
        .and_then(|mut file| file.read(&mut magic))
        .with_context(|| format!("cannot read {}", path.display()))?;
    let file = BufReader::new(File::open(path)?);
    Ok(if read == 2 && magic == [0x1f, 0x8b] {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    })
}

/// Reads a key set, gzip or plain.
pub fn key_set(path: &Path) -> Result<KeySet> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text)?;
    serde_json::from_str(&text).with_context(|| format!("{} is no key set", path.display()))
}

/// Days from 1970-01-01; dates are written 2011-10-31.
fn day(text: &str) -> Option<i32> {
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1)))
        .ok()
        .map(|span| span.get_days())
}

/// Reads `history.csv` or `future.csv` of a folder, gzip or plain.
pub fn rows(folder: &Path, name: &str) -> Result<Vec<Row>> {
    let mut reader = csv::Reader::from_reader(open(&folder.join(name))?);
    let header = reader.headers()?.clone();
    let at = |column: &str| header.iter().position(|name| name == column);
    let (Some(user), Some(seq), Some(item)) = (at("user"), at("seq"), at("item")) else {
        bail!("{name} needs the columns user, seq and item");
    };
    let (date, pieces) = (at("date"), at("qty"));
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let field = |at: usize| record.get(at).unwrap_or_default();
        let faulty = || format!("{name}, line {}", record.position().map_or(0, |p| p.line()));
        rows.push(Row {
            user: user_number(field(user)),
            seq: field(seq).parse().with_context(faulty)?,
            day: date.and_then(|at| day(field(at))),
            item: field(item).parse().with_context(faulty)?,
            pieces: pieces.map_or(1, |at| {
                field(at)
                    .parse::<f64>()
                    .map_or(1, |pieces| pieces.clamp(1.0, 1e6) as u32)
            }),
        });
    }
    Ok(rows)
}

/// A number of the files as an id of the crate, and back.
pub fn account(user: u64) -> AccountId {
    AccountId(Uuid::from_u128(user.into()))
}

pub fn product(item: u64) -> ProductId {
    ProductId(Uuid::from_u128(item.into()))
}

pub fn number(id: Uuid) -> u64 {
    id.as_u128() as u64
}

/// The history of rows; undated where any row lacks its date.
pub fn history(rows: &[Row]) -> PurchaseHistory {
    let dated = rows.iter().all(|row| row.day.is_some());
    let mut orders: HashMap<(u64, i32), Order> = HashMap::new();
    for row in rows {
        let order = orders.entry((row.user, row.seq)).or_insert_with(|| Order {
            account: account(row.user),
            day: Day(row.day.filter(|_| dated).unwrap_or(row.seq)),
            lines: Vec::new(),
        });
        order.lines.push(Line {
            product: product(row.item),
            pieces: row.pieces,
        });
    }
    let history = PurchaseHistory::of(orders.into_values());
    if dated { history } else { history.undated() }
}

/// What `items.csv` says of items, where there is one: description, price, category, brand.
pub fn items(folder: &Path) -> Result<Vec<(ProductId, Item)>> {
    if !folder.join("items.csv.gz").exists() && !folder.join("items.csv").exists() {
        return Ok(Vec::new());
    }
    let mut reader = csv::Reader::from_reader(open(&folder.join("items.csv"))?);
    let header = reader.headers()?.clone();
    let at = |column: &str| header.iter().position(|name| name == column);
    let Some(item) = at("item") else {
        return Ok(Vec::new());
    };
    let mut items = Vec::new();
    for record in reader.records() {
        let record = record?;
        let field = |column: &str| at(column).and_then(|at| record.get(at)).unwrap_or_default();
        let named = |prefix: u128, columns: &[&str]| {
            let text: Vec<&str> = columns.iter().map(|column| field(column)).collect();
            let text = text.join(" > ");
            let hash = text.bytes().fold(prefix, |hash, byte| {
                (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
            });
            (!text.trim_matches([' ', '>']).is_empty()).then(|| Uuid::from_u128(hash))
        };
        let number: u64 = record.get(item).unwrap_or_default().parse()?;
        items.push((
            product(number),
            Item {
                category: named(1, &["department", "category", "type"]).map(CategoryId),
                brand: named(2, &["brand"]).map(ProductBrandId),
                name: format!("{}{}", field("description"), field("name")),
                price: field("median_price").parse().unwrap_or(0.0),
                substitutes: Vec::new(),
            },
        ));
    }
    Ok(items)
}

/// Users of `train` that are in neither `val` nor `test`: their futures may be learned from.
pub fn learnable(keys: &KeySet) -> HashSet<u64> {
    let kept: HashSet<u64> = keys
        .val
        .iter()
        .chain(&keys.test)
        .map(User::number)
        .collect();
    keys.train
        .iter()
        .map(User::number)
        .filter(|user| !kept.contains(user))
        .collect()
}

/// The processor time this process took so far, in seconds; and its largest resident size in MiB.
pub fn cost() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<f64> = after
        .split_whitespace()
        .map(|f| f.parse().unwrap_or(0.0))
        .collect();
    let ticks = fields.get(11).unwrap_or(&0.0) + fields.get(12).unwrap_or(&0.0);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    (ticks / 100.0, peak.unwrap_or(0.0) / 1024.0)
}
