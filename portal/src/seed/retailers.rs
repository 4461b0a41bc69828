//! Who buys: pet shops of every size, three kinds of chains, web shops, and neighbours abroad.
//!
//! The first account is the corner shop of the demo's one-click users. Names, people and numbers
//! are put together by chance; addresses under `.example` reach nobody.

use std::collections::HashSet;

use jiff::ToSpan;
use jiff::civil::Date;
use trade::money::BasisPoints;

use super::chance::Chance;
use super::pictures::Animal;
use crate::imports::records::{AccountRow, ContactRole, ContactRow};

mod names;

use names::{CITIES, City, FIRST_NAMES, LAST_NAMES, STREETS};

pub const KAM_NORTH: &str = "kam@demo.kontor.example";
pub const KAM_SOUTH: &str = "kam.south@demo.kontor.example";

/// Groups of accounts: code and name.
pub const GROUPS: [(&str, &str); 4] = [
    ("independent", "Independent pet shops"),
    ("chain", "Chains"),
    ("online", "Web shops"),
    ("pfotenmarkt", "Pfotenmarkt stores"),
];

/// A place an account receives goods at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipTo {
    pub code: String,
    pub name: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub country: String,
    pub is_default: bool,
}

/// An account of the demo, with how it behaves.
#[derive(Clone, Debug)]
pub struct Retailer {
    pub row: AccountRow,
    pub ship_tos: Vec<ShipTo>,
    pub contacts: Vec<ContactRow>,
    /// The account above it, by its place in the list.
    pub parent: Option<usize>,
    pub nature: Nature,
}

/// How an account buys.
#[derive(Clone, Debug)]
pub struct Nature {
    /// Beside an average shop of 1,000.
    pub size: i64,
    /// Days between orders.
    pub rhythm_days: i64,
    /// The weekday it likes to order on, Monday 0 to Friday 4.
    pub weekday: i64,
    pub since: Date,
    /// When it stopped buying.
    pub lapsed_on: Option<Date>,
    /// A year, in thousandths.
    pub growth: i64,
    /// How it shares its shelf among animals.
    pub likes: Vec<(Animal, i64)>,
    /// Different items it usually buys.
    pub breadth: usize,
}

/// Somebody of the brand's own staff.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    pub email: &'static str,
    pub name: &'static str,
    /// As stored: kam, marketing, finance, admin.
    pub role: &'static str,
}

pub const STAFF: [Staff; 5] = [
    Staff {
        email: KAM_NORTH,
        name: "Katrin Ahlers",
        role: "kam",
    },
    Staff {
        email: KAM_SOUTH,
        name: "Markus Huber",
        role: "kam",
    },
    Staff {
        email: "marketing@demo.kontor.example",
        name: "Jana Vogt",
        role: "marketing",
    },
    Staff {
        email: "finance@demo.kontor.example",
        name: "Peter Sommer",
        role: "finance",
    },
    Staff {
        email: "admin@demo.kontor.example",
        name: "Anna Feldmann",
        role: "admin",
    },
];

/// What kind of retailer stands at a place of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    CornerShop,
    Independent,
    Online,
    /// Head office of the chain of that number.
    Chain(usize),
    /// A store of it.
    Store(usize),
}

const CHAINS: [(&str, &str, usize); 3] = [
    ("Pfotenmarkt", "pfotenmarkt", 7),
    ("Zoo Brandt", "chain", 4),
    ("Tierwelt Kessler", "chain", 3),
];

/// The kinds of a round of sixty accounts; larger worlds have more rounds.
fn kinds(count: usize) -> Vec<Kind> {
    let mut kinds = Vec::with_capacity(count);
    let mut round = 0;
    while kinds.len() < count {
        for (chain, (.., stores)) in CHAINS.iter().enumerate() {
            let number = round * CHAINS.len() + chain;
            kinds.push(Kind::Chain(number));
            kinds.extend(std::iter::repeat_n(Kind::Store(number), *stores));
        }
        kinds.extend([Kind::Online; 5]);
        kinds.extend([Kind::Independent; 38]);
        round += 1;
    }
    kinds.insert(0, Kind::CornerShop);
    kinds.truncate(count);
    kinds
}

pub fn retailers(count: u32, weeks: u32, today: Date, chance: &Chance) -> Vec<Retailer> {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut made: Vec<Retailer> = Vec::with_capacity(count);
    let mut names = HashSet::new();
    let mut heads: Vec<(usize, String)> = Vec::new();
    for (at, kind) in kinds(count).into_iter().enumerate() {
        let mut chance = chance.of("retailer", u64::try_from(at).unwrap_or(0));
        let city = city_for(kind, &mut chance);
        let (name, parent) = match kind {
            Kind::CornerShop => ("Zoohandlung Petersen".to_owned(), None),
            Kind::Chain(number) => {
                let name = chain_name(number);
                heads.push((at, name.clone()));
                (format!("{name} Zentrale"), None)
            }
            Kind::Store(number) => {
                let head = heads.get(number).map(|(at, _)| *at);
                (format!("{} {}", chain_name(number), city.name), head)
            }
            Kind::Online => (web_shop(&mut chance), None),
            Kind::Independent => (names::shop(city, &mut chance), None),
        };
        let name = unused(name, city, &mut names);
        let place = Place {
            at,
            kind,
            city,
            name,
            parent,
        };
        made.push(retailer(place, weeks, today, &mut chance));
    }
    made
}

struct Place {
    at: usize,
    kind: Kind,
    city: &'static City,
    name: String,
    parent: Option<usize>,
}

fn retailer(place: Place, weeks: u32, today: Date, chance: &mut Chance) -> Retailer {
    let Place {
        at,
        kind,
        city,
        name,
        parent,
    } = place;
    let group = match kind {
        Kind::CornerShop | Kind::Independent => "independent",
        Kind::Online => "online",
        Kind::Chain(number) | Kind::Store(number) => {
            CHAINS.get(number).map_or("chain", |(_, group, _)| *group)
        }
    };
    let parent_number = parent.map(account_number);
    let nature = nature(kind, &name, weeks, today, chance);
    let kam = match city.region {
        "north" | "east" | "Netherlands" => KAM_NORTH,
        _ => KAM_SOUTH,
    };
    let street = format!("{} {}", chance.word(STREETS), chance.between(1, 148));
    let row = AccountRow {
        number: account_number(at),
        name: name.clone(),
        group: Some(group.to_owned()),
        parent: parent_number.clone(),
        country: city.country.to_owned(),
        vat_id: vat_id(city.country, chance),
        street: Some(street.clone()),
        postal_code: Some(city.postal_code.to_owned()),
        city: Some(city.name.to_owned()),
        payment_terms_days: Some(if nature.size > 3_000 { 45 } else { 30 }),
        credit_limit: Some(credit_limit(kind, nature.size)),
        kam: Some(kam.to_owned()),
        price_lists: Vec::new(),
        currency: Some("EUR".to_owned()),
        locale: Some(
            if at == 0 || city.country == "NL" {
                "en"
            } else {
                "de"
            }
            .to_owned(),
        ),
        region: Some(city.region.to_owned()),
        // One store's invoices go to its head office.
        bill_to: parent_number.filter(|_| at == 2),
        early_payment_days: Some(if at.is_multiple_of(3) { 10 } else { 0 }),
        early_payment_discount: Some(BasisPoints(if at.is_multiple_of(3) { 200 } else { 0 })),
        overdue_tolerance_days: None,
        minimum_order: None,
        delivery_policy: None,
    };
    let contacts = contacts(kind, &row, chance);
    let ship_tos = ship_tos(kind, &row, city, chance);
    Retailer {
        row,
        ship_tos,
        contacts,
        parent,
        nature,
    }
}

/// Some months of what an account of the size buys; the corner shop is known for long.
fn credit_limit(kind: Kind, size: i64) -> i64 {
    match kind {
        Kind::CornerShop => 5_000_000,
        Kind::Chain(_) | Kind::Store(_) | Kind::Online | Kind::Independent => {
            size.max(400) * 1_500 / 100_000 * 100_000 + 500_000
        }
    }
}

fn account_number(at: usize) -> String {
    at.saturating_add(10_001).to_string()
}

fn chain_name(number: usize) -> String {
    let (name, ..) = CHAINS
        .get(number % CHAINS.len())
        .copied()
        .unwrap_or_default();
    match number / CHAINS.len() {
        0 => name.to_owned(),
        round => format!("{name} {}", round.saturating_add(1)),
    }
}

fn web_shop(chance: &mut Chance) -> String {
    let first = [
        "napf", "tier", "pfoten", "futter", "vogel", "heimtier", "katzen", "rudel",
    ];
    let second = [
        "klar", "direkt", "kiste", "lager", "eck", "bote", "speicher", "glück",
    ];
    format!("{}{}.example", chance.word(&first), chance.word(&second))
}

fn city_for(kind: Kind, chance: &mut Chance) -> &'static City {
    let [hamburg, ..] = &CITIES;
    match kind {
        Kind::CornerShop => hamburg,
        // One in seven independents sits across a border.
        Kind::Independent => {
            let abroad = chance.permille(190);
            let fits = |city: &&City| (city.country != "DE") == abroad;
            let fitting: Vec<&City> = CITIES.iter().filter(fits).collect();
            chance.pick(&fitting, hamburg)
        }
        Kind::Online | Kind::Chain(_) | Kind::Store(_) => {
            let german: Vec<&City> = CITIES.iter().filter(|city| city.country == "DE").collect();
            chance.pick(&german, hamburg)
        }
    }
}

fn unused(name: String, city: &City, taken: &mut HashSet<String>) -> String {
    let mut tried = name.clone();
    let mut number = 1;
    while !taken.insert(tried.clone()) {
        tried = match number {
            1 if !name.contains(city.name) && !name.contains('.') => {
                format!("{name} {}", city.name)
            }
            _ if name.contains('.') => name.replace('.', &format!("{number}.")),
            _ => format!("{name} {}", number + 1),
        };
        number += 1;
    }
    tried
}

fn nature(kind: Kind, name: &str, weeks: u32, today: Date, chance: &mut Chance) -> Nature {
    let (size, rhythm_days) = match kind {
        Kind::CornerShop => (1_100, 7),
        Kind::Chain(_) => (chance.between(7_000, 12_000), 7),
        Kind::Store(_) => (chance.between(1_400, 2_600), chance.pick(&[7, 7, 14], 7)),
        Kind::Online => (chance.between(2_200, 6_500), chance.pick(&[3, 5, 7], 5)),
        Kind::Independent => {
            let size = chance.between(250, 900)
                + chance.between(0, 1_000) * chance.between(0, 1_000) / 900;
            (size, chance.pick(&[7, 7, 10, 14, 14, 21, 28], 14))
        }
    };
    let days = i64::from(weeks) * 7;
    let steady = !matches!(kind, Kind::Independent);
    let began = if steady || chance.permille(800) {
        days
    } else {
        chance.between(days / 4, days)
    };
    let lapsed = !steady && chance.permille(110);
    let lapsed_days = chance.between(days / 12 + 30, days / 4 + 40);
    let ago = |days: i64| today.checked_sub(days.days()).unwrap_or(today);
    Nature {
        size,
        rhythm_days,
        weekday: chance.between(0, 4),
        since: ago(began),
        lapsed_on: lapsed.then(|| ago(lapsed_days)),
        growth: if steady {
            chance.between(-60, 220)
        } else {
            chance.between(-220, 280)
        },
        likes: likes(name, chance),
        breadth: usize::try_from((9 + size / 110).min(46)).unwrap_or(9),
    }
}

fn likes(name: &str, chance: &mut Chance) -> Vec<(Animal, i64)> {
    let usual = [
        (Animal::Dog, 400),
        (Animal::Cat, 340),
        (Animal::Rodent, 150),
        (Animal::Bird, 130),
        (Animal::Fish, 80),
        (Animal::Reptile, 15),
    ];
    let special = [
        ("Aquaristik", Animal::Fish),
        ("Vogel", Animal::Bird),
        ("vogel", Animal::Bird),
        ("Hunde", Animal::Dog),
        ("rudel", Animal::Dog),
        ("Katzen", Animal::Cat),
        ("katzen", Animal::Cat),
        ("Terra", Animal::Reptile),
    ];
    let favourite = special
        .iter()
        .find(|(word, _)| name.contains(word))
        .map(|(_, animal)| *animal);
    let share = |(animal, share): (Animal, i64)| {
        let loved = if favourite == Some(animal) { 9 } else { 1 };
        (animal, share * loved * chance.between(500, 1_500) / 1_000)
    };
    usual.into_iter().map(share).collect()
}

fn vat_id(country: &str, chance: &mut Chance) -> Option<String> {
    let digits = chance.between(100_000_000, 999_999_999);
    match country {
        "DE" => Some(format!("DE{digits}")),
        "AT" => Some(format!("ATU{}", digits / 10)),
        "NL" => Some(format!("NL{digits}B01")),
        "CH" => Some(format!("CHE{digits}")),
        _ => None,
    }
}

fn contacts(kind: Kind, row: &AccountRow, chance: &mut Chance) -> Vec<ContactRow> {
    let contact = |email: String, name: String, role| ContactRow {
        account: row.number.clone(),
        email,
        name,
        role,
    };
    if kind == Kind::CornerShop {
        let demo = |who: &str, name: &str, role| {
            contact(format!("{who}@demo.kontor.example"), name.to_owned(), role)
        };
        return vec![
            demo("buyer", "Lena Petersen", ContactRole::Buyer),
            demo("approver", "Jens Petersen", ContactRole::Approver),
            demo("owner", "Hanne Petersen", ContactRole::Owner),
        ];
    }
    let domain = match row.name.strip_suffix(".example") {
        Some(name) => format!("{}.example", names::slug(name)),
        None => format!("{}.example", names::slug(&row.name)),
    };
    let mut person = || format!("{} {}", chance.word(FIRST_NAMES), chance.word(LAST_NAMES));
    let mut people = vec![contact(
        format!("buyer@{domain}"),
        person(),
        ContactRole::Buyer,
    )];
    if matches!(kind, Kind::Chain(_) | Kind::Online) {
        people.push(contact(
            format!("owner@{domain}"),
            person(),
            ContactRole::Owner,
        ));
    }
    people
}

fn ship_tos(kind: Kind, row: &AccountRow, city: &City, chance: &mut Chance) -> Vec<ShipTo> {
    let place = |code: &str, name: String, street: String, is_default| ShipTo {
        code: code.to_owned(),
        name,
        street,
        postal_code: city.postal_code.to_owned(),
        city: city.name.to_owned(),
        country: city.country.to_owned(),
        is_default,
    };
    let own = row.street.clone().unwrap_or_default();
    let mut street = || format!("{} {}", chance.word(STREETS), chance.between(1, 90));
    match kind {
        Kind::CornerShop => vec![
            place("SHOP", row.name.clone(), own, true),
            place("STORE", format!("{}, storage", row.name), street(), false),
        ],
        Kind::Chain(_) => vec![
            place(
                "DC",
                format!("{}, distribution centre", row.name),
                street(),
                true,
            ),
            place("HQ", row.name.clone(), own, false),
        ],
        Kind::Online => vec![place("WH", format!("{}, warehouse", row.name), own, true)],
        Kind::Independent | Kind::Store(_) => vec![place("SHOP", row.name.clone(), own, true)],
    }
}
