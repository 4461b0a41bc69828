//! Words that names and addresses of the demo are put together from.

use crate::seed::chance::Chance;

pub struct City {
    pub name: &'static str,
    pub postal_code: &'static str,
    pub country: &'static str,
    pub region: &'static str,
}

const fn city(
    name: &'static str,
    postal_code: &'static str,
    country: &'static str,
    region: &'static str,
) -> City {
    City {
        name,
        postal_code,
        country,
        region,
    }
}

#[rustfmt::skip]
pub const CITIES: [City; 40] = [
    city("Hamburg", "20457", "DE", "north"), city("Bremen", "28195", "DE", "north"),
    city("Kiel", "24103", "DE", "north"), city("Lübeck", "23552", "DE", "north"),
    city("Rostock", "18055", "DE", "north"), city("Oldenburg", "26122", "DE", "north"),
    city("Flensburg", "24937", "DE", "north"), city("Hannover", "30159", "DE", "north"),
    city("Göttingen", "37073", "DE", "north"), city("Husum", "25813", "DE", "north"),
    city("Berlin", "10405", "DE", "east"), city("Potsdam", "14467", "DE", "east"),
    city("Leipzig", "04109", "DE", "east"), city("Dresden", "01067", "DE", "east"),
    city("Erfurt", "99084", "DE", "east"), city("Magdeburg", "39104", "DE", "east"),
    city("Görlitz", "02826", "DE", "east"), city("Köln", "50667", "DE", "west"),
    city("Dortmund", "44135", "DE", "west"), city("Münster", "48143", "DE", "west"),
    city("Aachen", "52062", "DE", "west"), city("Bonn", "53111", "DE", "west"),
    city("Kassel", "34117", "DE", "west"), city("Mainz", "55116", "DE", "west"),
    city("Trier", "54290", "DE", "west"), city("München", "80331", "DE", "south"),
    city("Nürnberg", "90402", "DE", "south"), city("Augsburg", "86150", "DE", "south"),
    city("Freiburg", "79098", "DE", "south"), city("Ulm", "89073", "DE", "south"),
    city("Regensburg", "93047", "DE", "south"), city("Konstanz", "78462", "DE", "south"),
    city("Stuttgart", "70173", "DE", "south"),
    city("Wien", "1070", "AT", "Austria"), city("Graz", "8010", "AT", "Austria"),
    city("Salzburg", "5020", "AT", "Austria"), city("Zürich", "8004", "CH", "Switzerland"),
    city("St. Gallen", "9000", "CH", "Switzerland"), city("Utrecht", "3511", "NL", "Netherlands"),
    city("Groningen", "9711", "NL", "Netherlands"),
];

pub const STREETS: &[&str] = &[
    "Bahnhofstraße",
    "Hauptstraße",
    "Lindenallee",
    "Marktplatz",
    "Deichweg",
    "Mühlenweg",
    "Kirchgasse",
    "Gartenstraße",
    "Am Speicher",
    "Schulstraße",
    "Rosenweg",
    "Gewerbering",
    "Industriestraße",
    "Ringstraße",
    "Fischmarkt",
    "Schloßstraße",
    "Waldweg",
    "Uferstraße",
    "Brunnenstraße",
    "Ziegelei",
];

pub const FIRST_NAMES: &[&str] = &[
    "Anke", "Bernd", "Claudia", "Daniel", "Elif", "Frank", "Gesa", "Holger", "Ines", "Jörg",
    "Karin", "Lars", "Mona", "Nils", "Olga", "Pavel", "Ramona", "Sven", "Tanja", "Uwe", "Vera",
    "Wiebke", "Yusuf", "Zoe", "Birgit", "Thomas", "Sabine", "Andreas", "Petra", "Matthias",
];

pub const LAST_NAMES: &[&str] = &[
    "Albers",
    "Brandl",
    "Carstens",
    "Dietz",
    "Ebert",
    "Franke",
    "Gerlach",
    "Hinrichs",
    "Ivers",
    "Jansen",
    "Kowalski",
    "Lindner",
    "Moser",
    "Nowak",
    "Oltmanns",
    "Pohl",
    "Quast",
    "Reuter",
    "Seidel",
    "Thiele",
    "Ulrich",
    "Voss",
    "Wendt",
    "Yilmaz",
    "Zeller",
    "Behrens",
    "Kessel",
    "Lorenz",
    "Matthes",
    "Rieger",
    "Stolz",
    "Wagenknecht",
    "Harms",
    "Bruns",
    "Fuchs",
    "Keller",
];

/// A pet shop's name, after its owner or its town.
pub fn shop(city: &City, chance: &mut Chance) -> String {
    let owners = [
        "Zoohandlung",
        "Zoohaus",
        "Tierbedarf",
        "Heimtierhaus",
        "Zoofachgeschäft",
        "Landhandel",
        "Futterhandel",
        "Aquaristik",
        "Vogelhaus",
        "Gartenmarkt",
        "Hundeladen",
        "Terra & Aqua",
    ];
    let towns = [
        "Futterkiste",
        "Pfotenstube",
        "Napf & Korb",
        "Tierstübchen",
        "Das Futterfass",
        "Fellnase",
        "Katzen & Co.",
        "Die Tierecke",
        "Arche",
        "Schnabel & Schnauze",
    ];
    if chance.permille(560) {
        format!("{} {}", chance.word(&owners), chance.word(LAST_NAMES))
    } else {
        format!("{} {}", chance.word(&towns), city.name)
    }
}

/// A name as part of an address: small letters, digits and hyphens.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        match c {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}
