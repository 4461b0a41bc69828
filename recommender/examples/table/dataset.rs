//! A folder of purchase histories, by user.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use recommender::{Day, Item, PurchaseHistory};
use trade::id::ProductId;

use crate::common::{self, KeySet, Row};

/// An order of a file: its day, and items with their pieces.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Basket {
    pub day: i32,
    pub lines: Vec<(u64, u32)>,
}

/// A folder, read.
#[derive(Debug)]
pub struct Dataset {
    pub name: String,
    rows: Vec<Row>,
    future_rows: Vec<Row>,
    items: Vec<(ProductId, Item)>,
    /// By user, oldest first.
    pub history: HashMap<u64, Vec<Basket>>,
    /// The order to predict.
    pub future: HashMap<u64, Basket>,
    /// Whether lines have quantities.
    pub counted: bool,
    /// By name, in the order of names.
    pub key_sets: Vec<(String, KeySet)>,
}

impl Dataset {
    /// Reads a folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let rows = common::rows(folder, "history.csv")?;
        let future_rows = common::rows(folder, "future.csv")?;
        let mut key_sets = Vec::new();
        for entry in folder.read_dir()? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("keyset_") {
                let name = name.split('.').next().unwrap_or_default().to_owned();
                key_sets.push((name, common::key_set(&path)?));
            }
        }
        key_sets.sort_by(|a, b| a.0.cmp(&b.0));
        let future = baskets(&future_rows).into_iter();
        Ok(Self {
            name: folder
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            history: baskets(&rows),
            future: future
                .filter_map(|(user, mut baskets)| Some((user, baskets.pop()?)))
                .collect(),
            counted: rows.iter().any(|row| row.pieces > 1),
            items: common::items(folder)?,
            rows,
            future_rows,
            key_sets,
        })
    }

    /// Orders of the history and, of the users that may be learned from, also the order to
    /// predict.
    pub fn purchases(&self, learnable: &HashSet<u64>) -> PurchaseHistory {
        let future = self.future_rows.iter();
        let learned = future.filter(|row| learnable.contains(&row.user)).copied();
        let rows: Vec<Row> = self.rows.iter().copied().chain(learned).collect();
        common::history(&rows).with_items(self.items.iter().cloned())
    }

    /// The day of the order to predict.
    pub fn today(&self, user: u64) -> Day {
        Day(self.future.get(&user).map_or(0, |basket| basket.day))
    }

    /// Items the user ordered before.
    pub fn known(&self, user: u64) -> HashSet<u64> {
        let baskets = self.history.get(&user).into_iter().flatten();
        let lines = baskets.flat_map(|basket| &basket.lines);
        lines.map(|(item, _)| *item).collect()
    }

    /// Items of the order to predict.
    pub fn truth(&self, user: u64) -> HashSet<u64> {
        let lines = self.future.get(&user).into_iter();
        let lines = lines.flat_map(|basket| &basket.lines);
        lines.map(|(item, _)| *item).collect()
    }

    /// Users of a part of a key set whose order to predict is known.
    pub fn users(&self, part: &[common::User]) -> Vec<u64> {
        let users = part.iter().map(common::User::number);
        users
            .filter(|user| self.future.contains_key(user))
            .collect()
    }
}

fn baskets(rows: &[Row]) -> HashMap<u64, Vec<Basket>> {
    let mut numbered: HashMap<u64, BTreeMap<i32, Basket>> = HashMap::new();
    for row in rows {
        let of_user = numbered.entry(row.user).or_default();
        let basket = of_user.entry(row.seq).or_default();
        basket.day = row.day.unwrap_or(row.seq);
        basket.lines.push((row.item, row.pieces));
    }
    let users = numbered.into_iter();
    users
        .map(|(user, baskets)| (user, baskets.into_values().collect()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_as_they_stand() {
        let folder = std::env::temp_dir().join(format!("baskets-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write(
            "history.csv",
            "user,seq,date,item,qty\n7,2,2011-12-07,5,3\n7,1,2011-12-01,5,2\n7,1,2011-12-01,4,0.2\n",
        );
        write("future.csv", "user,seq,date,item,qty\n7,3,2011-12-09,4,1\n");
        write(
            "keyset_0.json",
            r#"{"item_num":6,"train":["7",8],"val":["7"],"test":[9]}"#,
        );
        let set = Dataset::read(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        let first = Basket {
            day: 15_309,
            lines: vec![(5, 2), (4, 1)],
        };
        let second = Basket {
            day: 15_315,
            lines: vec![(5, 3)],
        };
        assert_eq!(set.history[&7], [first, second]);
        assert_eq!(
            (set.today(7), set.truth(7)),
            (Day(15_317), HashSet::from([4]))
        );
        assert!(set.counted);
        let (name, keys) = &set.key_sets[0];
        assert_eq!(name, "keyset_0");
        assert_eq!(
            (set.users(&keys.val), set.users(&keys.test)),
            (vec![7], vec![])
        );
        assert_eq!(common::learnable(keys), HashSet::from([8]));
        assert_eq!(set.purchases(&HashSet::new()).size(), (1, 2, 3));
        assert_eq!(set.purchases(&HashSet::from([7])).size(), (1, 3, 4));
    }
}
