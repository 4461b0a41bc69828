//! The families of products: one line of food or gear, in its variants and sizes.

use trade::tax::TaxClass::{self, Reduced, Standard};

use super::Season::{self, Christmas, Even, Summer, Winter};
use crate::seed::pictures::Animal::{self, Bird, Cat, Dog, Fish, Reptile, Rodent};
use crate::seed::pictures::Shape::{self, Bag, Bale, Bottle, Box, Can, Jar, Pouch, Sack, Toy, Tub};

/// Name, prefix of its SKUs, hue of its packs.
pub const BRANDS: [(&str, &str, u32); 9] = [
    ("Auenwild", "AW", 150),
    ("Hofgold", "HG", 36),
    ("Silbertatze", "ST", 262),
    ("Nagerwiese", "NW", 96),
    ("Federglück", "FG", 200),
    ("Teichblick", "TB", 218),
    ("Knabberkiste", "KK", 12),
    ("Stallrein", "SR", 180),
    ("Pfotenmarkt Beste Wahl", "PM", 338),
];
pub const OWN_LABEL: usize = 8;

pub struct Family {
    pub brand: usize,
    pub category: &'static str,
    pub animal: Animal,
    pub shape: Shape,
    pub tax: TaxClass,
    pub season: Season,
    pub stem: &'static str,
    pub says: &'static str,
    pub variants: &'static [&'static str],
    pub sizes: &'static [Size],
    pub per_kg_cents: i64,
}

impl Family {
    /// Large packs of dry food are sacks.
    pub fn shape_for(&self, grams: i64) -> Shape {
        if self.shape == Bag && grams >= 7_500 {
            Sack
        } else {
            self.shape
        }
    }
}

pub struct Size {
    pub label: &'static str,
    /// Of the contents; for gear, of what its price is reckoned by.
    pub grams: i64,
    /// Pieces in a case; 1 where it is ordered by the piece.
    pub case: i64,
    /// Cases on a pallet; 0 where none is offered.
    pub pallet: i64,
    /// Of the price per kilogram, in thousandths.
    pub factor: i64,
}

const fn size(label: &'static str, grams: i64, case: i64, pallet: i64, factor: i64) -> Size {
    Size {
        label,
        grams,
        case,
        pallet,
        factor,
    }
}

const DRY: &[Size] = &[
    size("800 g", 800, 8, 60, 1_250),
    size("2.5 kg", 2_500, 4, 0, 1_080),
    size("12 kg", 12_000, 1, 40, 900),
];
const DRY_CAT: &[Size] = &[
    size("400 g", 400, 10, 0, 1_300),
    size("1.5 kg", 1_500, 6, 48, 1_100),
    size("7.5 kg", 7_500, 1, 50, 920),
];
const CANS: &[Size] = &[
    size("400 g", 400, 12, 70, 1_050),
    size("800 g", 800, 6, 70, 930),
];
const POUCHES: &[Size] = &[size("85 g", 85, 24, 60, 1_100)];
const CAT_CANS: &[Size] = &[
    size("200 g", 200, 12, 90, 1_080),
    size("400 g", 400, 6, 90, 980),
];
const SNACK: &[Size] = &[
    size("100 g", 100, 12, 0, 1_150),
    size("400 g", 400, 6, 0, 940),
];
const FEED: &[Size] = &[
    size("1 kg", 1_000, 6, 0, 1_100),
    size("4 kg", 4_000, 1, 60, 930),
];
const SEED: &[Size] = &[
    size("1 kg", 1_000, 8, 60, 1_150),
    size("5 kg", 5_000, 1, 0, 970),
    size("20 kg", 20_000, 1, 40, 850),
];
const HAY: &[Size] = &[
    size("1 kg", 1_000, 6, 30, 1_150),
    size("2.5 kg", 2_500, 4, 24, 980),
];
const FLAKES: &[Size] = &[
    size("100 ml", 20, 12, 0, 1_200),
    size("250 ml", 50, 6, 0, 1_050),
    size("1 l", 200, 6, 0, 860),
];
const POND: &[Size] = &[
    size("1 kg", 1_000, 6, 0, 1_100),
    size("5 kg", 5_000, 1, 40, 900),
];
const LITTER: &[Size] = &[
    size("6 l", 5_000, 4, 30, 1_100),
    size("14 l", 12_000, 1, 60, 950),
];
const BOTTLES: &[Size] = &[
    size("250 ml", 250, 6, 0, 1_100),
    size("500 ml", 500, 6, 0, 950),
];
const GEAR: &[Size] = &[
    size("S", 300, 1, 0, 900),
    size("M", 400, 1, 0, 1_000),
    size("L", 550, 1, 0, 1_000),
];
const TOYS: &[Size] = &[size("single", 100, 6, 0, 1_000)];

macro_rules! family {
    ($brand:literal $category:literal $animal:ident $shape:ident $tax:ident $season:ident
     $stem:literal $says:literal [$($variant:literal),+] $sizes:ident $per_kg:literal) => {
        Family { brand: $brand, category: $category, animal: $animal, shape: $shape, tax: $tax,
            season: $season, stem: $stem, says: $says, variants: &[$($variant),+], sizes: $sizes,
            per_kg_cents: $per_kg }
    };
}

#[rustfmt::skip]
pub const FAMILIES: &[Family] = &[
    family!(0 "Dog > Dry food" Dog Bag Reduced Even "Adult" "Grain-free complete food for grown dogs"
        ["Duck & Potato", "Venison & Pumpkin", "Salmon & Pea", "Lamb & Apple", "Wild Boar & Chestnut"] DRY 468),
    family!(0 "Dog > Dry food" Dog Bag Reduced Even "Puppy" "Grain-free complete food for puppies"
        ["Poultry & Potato", "Trout & Parsnip"] DRY 512),
    family!(0 "Dog > Wet food" Dog Can Reduced Even "Stew" "Complete wet food, cooked gently, no grain"
        ["Duck & Cranberry", "Venison & Cowberry", "Goose & Pear", "Salmon & Spinach"] CANS 498),
    family!(0 "Dog > Supplements" Dog Bottle Reduced Even "Oil" "Cold-pressed oil to pour over food"
        ["Salmon", "Linseed", "Hemp"] BOTTLES 1_890),
    family!(1 "Dog > Dry food" Dog Bag Reduced Even "Classic" "Complete food for grown dogs"
        ["Beef & Rice", "Chicken & Barley", "Turkey & Oats"] DRY 248),
    family!(1 "Dog > Dry food" Dog Bag Reduced Even "Senior Light" "Complete food for older dogs"
        ["Chicken & Rice", "Lamb & Rice"] DRY 276),
    family!(1 "Dog > Wet food" Dog Can Reduced Even "Farm Pot" "Complete wet food from country kitchens"
        ["Beef & Carrot", "Chicken & Noodles", "Tripe & Rice", "Turkey & Potato", "Heart & Liver"] CANS 296),
    family!(1 "Cat > Dry food" Cat Bag Reduced Even "Mouser" "Complete food for cats on farms"
        ["Poultry", "Fish"] DRY_CAT 298),
    family!(2 "Cat > Dry food" Cat Bag Reduced Even "Indoor" "Complete food for cats that stay in"
        ["Chicken & Rice", "Salmon & Rice", "Sterilised Turkey", "Hairball Poultry"] DRY_CAT 528),
    family!(2 "Cat > Dry food" Cat Bag Reduced Even "Kitten" "Complete food for kittens"
        ["Chicken & Milk", "Tuna"] DRY_CAT 572),
    family!(2 "Cat > Wet food" Cat Pouch Reduced Even "Ragout" "Tender pieces in sauce"
        ["Tuna & Shrimp", "Chicken & Liver", "Beef & Heart", "Rabbit", "Turkey & Cheese", "Salmon & Dill",
         "Veal & Herbs", "Duck", "Lamb & Mint", "Shrimp"] POUCHES 720),
    family!(2 "Cat > Wet food" Cat Can Reduced Even "Pâté" "Fine pâté, complete"
        ["Beef", "Chicken", "Game", "Ocean Fish", "Rabbit & Turkey"] CAT_CANS 438),
    family!(2 "Cat > Treats" Cat Pouch Reduced Christmas "Crunchy Pillows" "Filled treats"
        ["Cheese", "Malt", "Catnip", "Salmon"] POUCHES 1_240),
    family!(2 "Cat > Toys" Cat Toy Standard Christmas "Toy" "For the hunt in the living room"
        ["Mouse Trio", "Feather Rod", "Rustle Ball", "Valerian Cushion", "Scratch Board", "Sisal Ball"] TOYS 2_490),
    family!(3 "Small animals > Complete feed" Rodent Bag Reduced Even "Meadow Menu" "Complete feed, many herbs"
        ["Rabbit", "Guinea Pig", "Hamster", "Chinchilla", "Degu", "Rat & Mouse"] FEED 318),
    family!(3 "Small animals > Complete feed" Rodent Bag Reduced Even "Pellets" "Pressed feed, nothing left in the bowl"
        ["Rabbit Adult", "Rabbit Junior", "Guinea Pig"] FEED 286),
    family!(3 "Small animals > Hay & straw" Rodent Bale Reduced Winter "Hay" "First cut, dried on the field"
        ["Mountain Meadow", "Timothy", "Camomile", "Dandelion"] HAY 268),
    family!(3 "Small animals > Treats" Rodent Box Reduced Even "Nibble Roll" "To gnaw"
        ["Carrot", "Apple", "Beetroot", "Herbs"] SNACK 1_120),
    family!(4 "Birds > Wild birds" Bird Bag Reduced Winter "Winter Feed" "For the bird table"
        ["Garden Mix", "Husk-free Mix", "Sunflower Hearts", "Black Sunflower", "Peanuts"] SEED 212),
    family!(4 "Birds > Wild birds" Bird Tub Reduced Winter "Fat Balls" "Without net"
        ["with Insects", "with Berries"] SNACK 420),
    family!(4 "Birds > Cage birds" Bird Bag Reduced Even "Flight" "Complete feed"
        ["Budgerigar", "Canary", "Cockatiel", "Large Parrot", "Finch"] FEED 296),
    family!(4 "Birds > Treats & grit" Bird Box Reduced Even "Honey Bars" "To hang in the cage"
        ["Honey", "Fruit", "Egg", "Sesame"] SNACK 1_080),
    family!(5 "Fish & pond > Aquarium food" Fish Jar Reduced Even "Flakes" "Daily food for ornamental fish"
        ["Tropical", "Goldfish", "Cichlid", "Vegetable"] FLAKES 9_800),
    family!(5 "Fish & pond > Aquarium food" Fish Jar Reduced Even "Granules" "Sinks slowly, keeps water clear"
        ["Discus", "Catfish", "Shrimp"] FLAKES 11_400),
    family!(5 "Fish & pond > Pond food" Fish Tub Reduced Summer "Pond" "Floating food for the garden pond"
        ["Sticks", "Koi Pellets", "Goldfish Mix", "Wheatgerm"] POND 468),
    family!(5 "Fish & pond > Frozen food" Fish Box Reduced Even "Frozen" "Delivered at −18 °C, in blisters"
        ["Red Mosquito Larvae", "Artemia", "Daphnia", "Krill"] SNACK 1_680),
    family!(5 "Fish & pond > Water care" Fish Bottle Standard Summer "Water" "For clear water"
        ["Conditioner", "Algae Stop", "Filter Starter", "pH Balance"] BOTTLES 1_980),
    family!(6 "Dog > Treats & chews" Dog Box Reduced Christmas "Crunch" "Baked in small batches"
        ["Liver Hearts", "Cheese Bones", "Peanut Coins", "Spelt Stars"] SNACK 890),
    family!(6 "Dog > Treats & chews" Dog Pouch Reduced Even "Chew" "Dried in the air"
        ["Beef Ear", "Duck Strips", "Rabbit Ear with Fur", "Deer Antler", "Goat Horn", "Salmon Skin", "Coffee Wood"] SNACK 1_960),
    family!(6 "Dog > Treats & chews" Dog Pouch Reduced Even "Dental Sticks" "One a day, against tartar"
        ["Small Dogs", "Medium Dogs", "Large Dogs"] SNACK 990),
    family!(7 "Cat > Litter" Cat Bag Standard Even "Litter" "Clumps, holds smells"
        ["Fine Clay", "Plant Fibre", "Silica", "Baby Powder Scent"] LITTER 96),
    family!(7 "Small animals > Bedding" Rodent Bale Standard Even "Bedding" "Dust-free"
        ["Softwood", "Hemp", "Flax", "Straw Pellets"] HAY 196),
    family!(7 "Dog > Care & accessories" Dog Bottle Standard Summer "Shampoo" "Mild, for coat and skin"
        ["Oat", "Tea Tree", "Puppy"] BOTTLES 1_480),
    family!(7 "Dog > Care & accessories" Dog Toy Standard Summer "Gear" "For walks"
        ["Cooling Mat", "Reflective Collar", "Harness", "Travel Bowl", "Padded Lead", "Rain Coat"] GEAR 3_100),
    family!(7 "Reptiles > Substrate" Reptile Bale Standard Even "Terrarium" "Ground cover"
        ["Desert Sand", "Coconut Humus", "Bark"] HAY 248),
    family!(5 "Reptiles > Food" Reptile Jar Reduced Even "Reptile" "Complete food"
        ["Water Turtle Sticks", "Tortoise Herbs", "Gecko Jelly"] FLAKES 8_600),
    family!(8 "Dog > Dry food" Dog Bag Reduced Even "Dog" "Complete food, the chain's own"
        ["Beef & Vegetables", "Poultry & Rice"] DRY 218),
    family!(8 "Cat > Wet food" Cat Pouch Reduced Even "Cat in Jelly" "The chain's own"
        ["Beef", "Chicken", "Fish"] POUCHES 520),
];
