//! What Online Retail does not say, made from what it says.

/// A description as a sentence: the file shouts.
pub fn sentence(name: &str) -> String {
    let kept = [
        "I", "UK", "USA", "LED", "CD", "DVD", "TV", "XL", "S/4", "S/6", "S/3", "S/2",
    ];
    let mut text = String::with_capacity(name.len());
    for word in name.split(' ') {
        if !text.is_empty() {
            text.push(' ');
        }
        if let Some(rest) = word.strip_prefix("T-") {
            text.push_str("T-");
            text.push_str(&rest.to_lowercase());
        } else if kept.contains(&word) {
            text.push_str(word);
        } else {
            text.push_str(&word.to_lowercase());
        }
    }
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => text,
    }
}

/// Categories and the words that show them, the telling ones first: a Christmas candle is looked
/// for under Christmas, a cake tin in the kitchen.
const CATEGORIES: &[(&str, &[&str])] = &[
    (
        "Seasonal > Christmas",
        &[
            "CHRISTMAS",
            "XMAS",
            "ADVENT",
            "SANTA",
            "REINDEER",
            "SNOWFLAKE",
            "SNOWMAN",
            "NOEL",
            "BAUBLE",
            "ANGEL",
        ],
    ),
    ("Seasonal > Easter", &["EASTER", "BUNNY", "CHICK", "CHICKS"]),
    ("Bags > Lunch bags", &["LUNCH"]),
    (
        "Bags > Jumbo bags & shoppers",
        &["JUMBO", "SHOPPER", "TOTE"],
    ),
    (
        "Bags > Purses & small bags",
        &["PURSE", "BAG", "BAGS", "HANDBAG", "WALLET", "WASHBAG"],
    ),
    (
        "Fashion > Jewellery",
        &[
            "NECKLACE", "EARRINGS", "EARRING", "BRACELET", "RING", "BROOCH", "BANGLE", "PENDANT",
            "NECKLAC",
        ],
    ),
    (
        "Fashion > Scarves & umbrellas",
        &[
            "SCARF",
            "UMBRELLA",
            "PARASOL",
            "HAT",
            "GLOVES",
            "SOCK",
            "SOCKS",
            "SLIPPERS",
            "HAIR",
            "HAIRBAND",
            "SUNGLASSES",
            "FAN",
        ],
    ),
    (
        "Paper & party > Cards & wrap",
        &[
            "CARD", "CARDS", "WRAP", "RIBBON", "RIBBONS", "TISSUE", "TISSUES", "ENVELOPE",
            "STICKERS", "STICKER", "TAPE", "POSTCARD", "GIFT",
        ],
    ),
    (
        "Paper & party > Party",
        &[
            "PARTY", "BUNTING", "BALLOON", "BALLOONS", "BIRTHDAY", "NAPKINS", "GARLAND",
            "CONFETTI", "STREAMER",
        ],
    ),
    (
        "Paper & party > Stationery",
        &[
            "PENCIL",
            "PENCILS",
            "PEN",
            "PENS",
            "NOTEBOOK",
            "PAD",
            "ERASER",
            "ERASERS",
            "RULER",
            "CHALK",
            "CHALKBOARD",
            "BOOK",
            "JOURNAL",
            "CALENDAR",
            "BLACKBOARD",
            "MEMO",
            "FOLDER",
            "PAPER",
            "ORGANISER",
        ],
    ),
    (
        "Home > Candles & lights",
        &[
            "CANDLE",
            "CANDLES",
            "T-LIGHT",
            "T-LIGHTS",
            "LANTERN",
            "LIGHT",
            "LIGHTS",
            "LAMP",
            "CANDLESTICK",
            "INCENSE",
            "CHANDELIER",
            "TEALIGHT",
            "LAMPSHADE",
        ],
    ),
    (
        "Kitchen & dining > Baking",
        &[
            "CAKE",
            "BAKING",
            "CUPCAKE",
            "COOKIE",
            "CAKESTAND",
            "CUTTERS",
            "PASTRY",
            "ICING",
            "JELLY",
            "MOULD",
            "MOULDS",
            "FONDANT",
            "WHISK",
            "DOILY",
            "DOILIES",
        ],
    ),
    (
        "Kitchen & dining > Cups & tableware",
        &[
            "MUG",
            "CUP",
            "TEACUP",
            "SAUCER",
            "PLATE",
            "PLATES",
            "BOWL",
            "BOWLS",
            "TEAPOT",
            "JUG",
            "CUTLERY",
            "GLASS",
            "GLASSES",
            "TEA",
            "COFFEE",
            "EGG",
            "SPOON",
            "SPOONS",
            "TRAY",
            "COASTER",
            "COASTERS",
            "PLACEMAT",
            "PLACEMATS",
            "TUMBLER",
            "DISH",
            "BEAKER",
            "CARAFE",
            "GOBLET",
            "STRAWS",
        ],
    ),
    (
        "Kitchen & dining > Kitchen",
        &[
            "KITCHEN", "APRON", "PANTRY", "JAM", "JAR", "JARS", "RECIPE", "TIN", "TINS", "BREAD",
            "BISCUIT", "OVEN", "TOWEL", "SCALES", "COLANDER", "FOOD", "SNACK", "MILK", "BOTTLE",
            "FLASK", "PICNIC", "HERB", "TIMER", "SALT", "BUTTER",
        ],
    ),
    (
        "Children > Toys & games",
        &[
            "TOY",
            "TOYS",
            "GAME",
            "DOLL",
            "DOLLS",
            "DOLLY",
            "PUZZLE",
            "JIGSAW",
            "SKITTLES",
            "DOMINO",
            "DOMINOES",
            "ROBOT",
            "TEDDY",
            "PLAYHOUSE",
            "SOLDIER",
            "LUDO",
            "SNAKES",
            "PUPPET",
            "PUPPETS",
            "KITE",
            "MARBLES",
            "BINGO",
            "MAGIC",
            "RATTLE",
        ],
    ),
    (
        "Children > Children's room",
        &[
            "CHILDRENS",
            "CHILDREN'S",
            "CHILDS",
            "KIDS",
            "BABY",
            "GIRL",
            "GIRLS",
            "BOYS",
            "BOY",
            "SPACEBOY",
            "NURSERY",
            "CIRCUS",
            "ALPHABET",
        ],
    ),
    (
        "Craft > Craft & sewing",
        &[
            "FELTCRAFT",
            "CRAFT",
            "SEWING",
            "KNITTING",
            "CROCHET",
            "FELT",
            "KIT",
            "BUTTONS",
            "PATCHES",
            "DECOUPAGE",
            "BEADS",
            "STAMP",
            "STAMPS",
        ],
    ),
    (
        "Garden > Garden",
        &[
            "GARDEN",
            "PLANT",
            "PLANTER",
            "WATERING",
            "BIRD",
            "BIRDHOUSE",
            "FEEDER",
            "GNOME",
            "TROWEL",
            "POT",
            "POTS",
            "FLOWERPOT",
            "GARDENERS",
            "KNEELING",
            "SEEDS",
            "HOSE",
            "WINDMILL",
            "BUCKET",
            "TROUGH",
        ],
    ),
    ("Home > Clocks & mirrors", &["CLOCK", "MIRROR", "ALARM"]),
    (
        "Home > Signs & frames",
        &[
            "SIGN", "FRAME", "FRAMES", "PICTURE", "POSTER", "PLAQUE", "PHOTO", "ART", "WALL",
            "LETTERS", "MAGNETS", "MAGNET", "SLATE", "MONTAGE", "METAL",
        ],
    ),
    (
        "Home > Cushions & textiles",
        &[
            "CUSHION",
            "CUSHIONS",
            "QUILT",
            "BLANKET",
            "THROW",
            "RUG",
            "CURTAIN",
            "DOORMAT",
            "MAT",
            "TABLECLOTH",
            "COVER",
            "BEANBAG",
        ],
    ),
    (
        "Home > Storage & furniture",
        &[
            "BOX", "BOXES", "DRAWER", "DRAWERS", "STORAGE", "BASKET", "CABINET", "CHEST", "RACK",
            "HOOK", "HOOKS", "HANGER", "HANGERS", "KNOB", "SHELF", "TABLE", "CHAIR", "STOOL",
            "STAND", "CRATE", "TRINKET", "KEY", "DOORSTOP", "DOOR", "CASE",
        ],
    ),
    (
        "Bath & body > Bath & body",
        &[
            "BATH",
            "BATHROOM",
            "SOAP",
            "TOOTHBRUSH",
            "SPONGE",
            "PLASTERS",
            "MANICURE",
            "COSMETIC",
            "TOILET",
            "WARMER",
        ],
    ),
    (
        "Home > Decorations",
        &[
            "DECORATION",
            "DECORATIONS",
            "HEART",
            "HEARTS",
            "HANGING",
            "WREATH",
            "FLOWER",
            "FLOWERS",
            "ROSE",
            "ROSES",
            "VASE",
            "ORNAMENT",
            "BELL",
            "BELLS",
            "CHIME",
            "STAR",
            "STARS",
            "TREE",
            "CHAIN",
            "HOLDER",
            "MOBILE",
            "BUTTERFLY",
            "FAIRY",
            "ZINC",
        ],
    ),
    (
        "Travel & leisure > Travel",
        &[
            "TRAVEL", "LUGGAGE", "PASSPORT", "CAMPING", "BEACH", "RADIO", "KEYRING", "KEY-RING",
            "RAIN", "CYCLIST", "BICYCLE",
        ],
    ),
];

/// The first category one of whose words stands in the description.
pub fn category(name: &str) -> &'static str {
    let upper = name.to_uppercase();
    let words: Vec<&str> = upper
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\''))
        .filter(|word| !word.is_empty())
        .collect();
    let shows = |known: &&(&str, &[&str])| known.1.iter().any(|word| words.contains(word));
    CATEGORIES
        .iter()
        .find(shows)
        .map_or("Other giftware", |(category, _)| category)
}

/// A shop's name, invented, always the same for a customer's number.
pub fn shop(customer: &str) -> String {
    let names = [
        "Ashby",
        "Bramley",
        "Cotswold",
        "Dovecote",
        "Eastgate",
        "Fernhill",
        "Greystone",
        "Hawthorn",
        "Ivybridge",
        "Juniper",
        "Kingfisher",
        "Larkspur",
        "Meadow",
        "Northgate",
        "Orchard",
        "Primrose",
        "Quayside",
        "Rosemary",
        "Saltmarsh",
        "Thistle",
        "Underhill",
        "Vintage",
        "Willow",
        "Yew Tree",
        "Amber",
        "Bluebell",
        "Cedar",
        "Driftwood",
        "Elm",
        "Foxglove",
    ];
    let kinds = [
        "Gifts",
        "Home & Gift",
        "Trading",
        "Emporium",
        "Interiors",
        "Cards & Gifts",
        "Living",
        "Corner",
        "Store",
        "Curiosities",
        "& Co.",
        "House",
        "Gift Barn",
        "Wholesale",
        "Lane",
        "Parlour",
        "Pantry",
        "Workshop",
        "Gallery",
    ];
    // Thirty and nineteen have no common divisor, so neighbours get names far apart.
    let number = customer.bytes().fold(7_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(byte)) % 1_000_003
    });
    let pick =
        |words: &[&'static str], at: usize| words.get(at % words.len()).copied().unwrap_or("");
    format!(
        "{} {} {customer}",
        pick(&names, number),
        pick(&kinds, number / names.len())
    )
}

/// The two-letter code of a country as the file names it. Two of its names are no country; they
/// are taken as the seller's own.
pub fn country(name: &str) -> &'static str {
    match name {
        "Australia" => "AU",
        "Austria" => "AT",
        "Bahrain" => "BH",
        "Belgium" => "BE",
        "Brazil" => "BR",
        "Canada" => "CA",
        "Channel Islands" => "JE",
        "Cyprus" => "CY",
        "Czech Republic" => "CZ",
        "Denmark" => "DK",
        "EIRE" => "IE",
        "Finland" => "FI",
        "France" => "FR",
        "Germany" => "DE",
        "Greece" => "GR",
        "Hong Kong" => "HK",
        "Iceland" => "IS",
        "Israel" => "IL",
        "Italy" => "IT",
        "Japan" => "JP",
        "Lebanon" => "LB",
        "Lithuania" => "LT",
        "Malta" => "MT",
        "Netherlands" => "NL",
        "Norway" => "NO",
        "Poland" => "PL",
        "Portugal" => "PT",
        "RSA" => "ZA",
        "Saudi Arabia" => "SA",
        "Singapore" => "SG",
        "Spain" => "ES",
        "Sweden" => "SE",
        "Switzerland" => "CH",
        "USA" => "US",
        "United Arab Emirates" => "AE",
        _ => "GB",
    }
}
