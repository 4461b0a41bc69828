//! What the demo's promotions say.

use trade::money::{BasisPoints, UnitPrice};
use trade::price::Target;
use trade::promotion::{CountIn, Cut, Mechanic, Part, Tier};

use super::Names;
use crate::db::words::PromotionState::{self, Approved, Draft, Submitted};

/// A budget of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fund {
    Winter,
    KeyAccounts,
}

impl Fund {
    pub(super) const ALL: [Fund; 2] = [Fund::Winter, Fund::KeyAccounts];

    pub(super) fn code(self) -> &'static str {
        match self {
            Fund::Winter => "WINTER",
            Fund::KeyAccounts => "KEY",
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Fund::Winter => "Winter programme",
            Fund::KeyAccounts => "Key accounts",
        }
    }

    pub(super) fn budget_minor(self) -> i64 {
        match self {
            Fund::Winter => 2_000_000,
            Fund::KeyAccounts => 600_000,
        }
    }
}

pub(super) enum Whom {
    Everybody,
    Groups(&'static [&'static str]),
    Region(&'static str),
    Account(&'static str),
}

/// A promotion before its names are looked up; what a world lacks is none.
pub(super) struct Offer {
    pub code: &'static str,
    pub name: &'static str,
    pub note: &'static str,
    pub state: PromotionState,
    pub mechanic: Option<Mechanic>,
    pub include: Vec<Option<Target>>,
    pub exclude: Vec<Option<Target>>,
    pub whom: Whom,
    /// The first and the last day, counted from today.
    pub days: (i64, i64),
    pub class: Option<&'static str>,
    pub priority: i32,
    pub fund: Option<Fund>,
    pub most_uses: Option<i64>,
    pub most_uses_per_account: Option<i64>,
    pub cap_minor: Option<i64>,
    pub by_kam: bool,
}

impl Offer {
    /// For everybody, approved and running, without limits.
    fn of(
        code: &'static str,
        name: &'static str,
        mechanic: Option<Mechanic>,
        include: Vec<Option<Target>>,
    ) -> Offer {
        Offer {
            code,
            name,
            note: "",
            state: Approved,
            mechanic,
            include,
            exclude: Vec::new(),
            whom: Whom::Everybody,
            days: (-20, 37),
            class: None,
            priority: 100,
            fund: None,
            most_uses: None,
            most_uses_per_account: None,
            cap_minor: None,
            by_kam: false,
        }
    }
}

pub(super) fn offers(names: &Names<'_>) -> Vec<Offer> {
    let mut all = by_item(names);
    all.extend(by_assortment(names));
    all.extend(by_order());
    all.extend(not_running(names));
    all
}

const PACKS: CountIn = CountIn::Packs;

/// Off the list price, down to ten cents.
fn less(list: i64, permille: i64) -> UnitPrice {
    UnitPrice(list * permille / 1_000 / 1_000 * 1_000)
}

fn by_item(names: &Names<'_>) -> Vec<Offer> {
    let hay = "Nagerwiese Hay Mountain Meadow 2.5 kg";
    let classic = "Hofgold Classic Chicken & Barley 800 g";
    let hay_price = names.packs(hay, 1).map(|(_, list)| Mechanic::FixedPrice {
        price: less(list, 880),
        from: 10,
        count_in: PACKS,
    });
    vec![
        Offer {
            class: Some("hofgold"),
            ..Offer::of(
                "HOFGOLD-10",
                "Hofgold by the stack",
                Some(Mechanic::Percent {
                    off: BasisPoints(500),
                    from: 10,
                    count_in: PACKS,
                }),
                vec![names.brand("Hofgold")],
            )
        },
        // Of one class with the stack: whoever takes twelve gets the better of the two.
        Offer {
            class: Some("hofgold"),
            priority: 90,
            ..Offer::of(
                "CLASSIC-12",
                "Classic Chicken & Barley, twelve cases",
                Some(Mechanic::Amount {
                    off: UnitPrice(15_000),
                    from: 12,
                    count_in: PACKS,
                }),
                vec![names.product(classic)],
            )
        },
        Offer {
            whom: Whom::Groups(&["independent"]),
            days: (-34, 90),
            ..Offer::of(
                "HAY-WINTER",
                "Mountain hay for the winter",
                hay_price,
                vec![names.product(hay)],
            )
        },
        Offer::of(
            "TOYS-10-2",
            "Toys: ten and two",
            Some(Mechanic::BuyGet {
                buy: 10,
                get: 2,
                off: BasisPoints(10_000),
                count_in: PACKS,
                times: Some(3),
            }),
            vec![names.category("Cat > Toys")],
        ),
        Offer {
            note: "Agreed with Lena Petersen at the trade fair.",
            whom: Whom::Account("10001"),
            most_uses: Some(5),
            by_kam: true,
            ..Offer::of(
                "PETERSEN-FROST",
                "Frozen food for Petersen",
                Some(Mechanic::Percent {
                    off: BasisPoints(400),
                    from: 10,
                    count_in: PACKS,
                }),
                vec![names.category("Fish & pond > Frozen food")],
            )
        },
    ]
}

fn by_assortment(names: &Names<'_>) -> Vec<Offer> {
    let indoor = "Silbertatze Indoor Salmon & Rice 1.5 kg";
    let small = "Silbertatze Indoor Salmon & Rice 400 g";
    let collar = "Stallrein Gear Reflective Collar L";
    let given = names.packs(small, 1).map(|(give, _)| Mechanic::FreeGoods {
        buy: 10,
        count_in: PACKS,
        give,
        times: Some(3),
    });
    let cheaper = names
        .packs(collar, 2)
        .map(|(get, _)| Mechanic::BuyGetOther {
            buy: 10,
            count_in: PACKS,
            get,
            off: BasisPoints(5_000),
            times: Some(2),
        });
    vec![
        Offer {
            fund: Some(Fund::Winter),
            most_uses_per_account: Some(4),
            days: (-3, 25),
            ..Offer::of(
                "INDOOR-10-1",
                "Indoor: ten and one",
                given,
                vec![names.product(indoor), names.product(small)],
            )
        },
        Offer {
            whom: Whom::Region("north"),
            days: (-13, 14),
            ..Offer::of(
                "LITTER-COLLAR",
                "Litter and a collar",
                cheaper,
                vec![names.category("Cat > Litter")],
            )
        },
        Offer {
            fund: Some(Fund::KeyAccounts),
            ..Offer::of("TOY-SHELF", "A shelf of toys", shelf(names), Vec::new())
        },
        Offer {
            class: Some("wet food"),
            ..Offer::of(
                "DOGWET-MIX",
                "Wet food for dogs, mixed",
                Some(Mechanic::MixAndMatch {
                    tiers: vec![percent(20, 300), percent(40, 500)],
                    count_in: PACKS,
                }),
                vec![names.category("Dog > Wet food")],
            )
        },
    ]
}

/// Five cases of each of two toys and ten of a third, at a price of their own.
fn shelf(names: &Names<'_>) -> Option<Mechanic> {
    let toys = [
        ("Silbertatze Toy Rustle Ball single", 5),
        ("Silbertatze Toy Sisal Ball single", 5),
        ("Nagerwiese Hay Timothy 2.5 kg", 10),
    ];
    let mut parts: Vec<Part> = Vec::new();
    let mut list = 0;
    for (name, packs) in toys {
        let (part, price) = names.packs(name, packs)?;
        parts.push(part);
        list += price;
    }
    Some(Mechanic::Bundle {
        parts,
        // Ten-thousandths to cents.
        price_minor: less(list, 860).0 / 100,
        times: Some(2),
    })
}

fn percent(from: i64, off: i32) -> Tier {
    Tier {
        from,
        cut: Cut::Percent(BasisPoints(off)),
    }
}

fn by_order() -> Vec<Offer> {
    vec![
        Offer {
            fund: Some(Fund::Winter),
            cap_minor: Some(800_000),
            days: (-10, 60),
            priority: 200,
            ..Offer::of(
                "WINTER-STOCK",
                "Fill the stores for the winter",
                Some(Mechanic::OrderValue {
                    tiers: vec![
                        percent(250_000, 150),
                        Tier {
                            from: 500_000,
                            cut: Cut::Amount(15_000),
                        },
                    ],
                }),
                Vec::new(),
            )
        },
        Offer::of(
            "FREIGHT-2500",
            "No freight on large orders",
            Some(Mechanic::FreeFreight {
                from_minor: 250_000,
            }),
            Vec::new(),
        ),
    ]
}

/// One waits for approval, one is being written, one is over, one comes next month.
fn not_running(names: &Names<'_>) -> Vec<Offer> {
    vec![
        Offer {
            note: "For the annual talks with Brandt and Kessler.",
            state: Submitted,
            whom: Whom::Groups(&["chain", "pfotenmarkt"]),
            days: (7, 49),
            class: Some("wet food"),
            fund: Some(Fund::KeyAccounts),
            ..Offer::of(
                "CATWET-CHAIN",
                "Wet food for cats, chains",
                Some(Mechanic::MixAndMatch {
                    tiers: vec![percent(60, 250), percent(120, 400), percent(240, 600)],
                    count_in: PACKS,
                }),
                vec![names.category("Cat > Wet food")],
            )
        },
        Offer {
            state: Draft,
            whom: Whom::Account("10001"),
            days: (14, 44),
            by_kam: true,
            ..Offer::of(
                "PETERSEN-HAY",
                "Timothy hay for Petersen",
                Some(Mechanic::Amount {
                    off: UnitPrice(2_500),
                    from: 30,
                    count_in: CountIn::Pieces,
                }),
                vec![names.product("Nagerwiese Hay Timothy 2.5 kg")],
            )
        },
        Offer {
            days: (-75, -24),
            ..Offer::of(
                "POND-AUTUMN",
                "Pond food before the frost",
                Some(Mechanic::Percent {
                    off: BasisPoints(750),
                    from: 6,
                    count_in: PACKS,
                }),
                vec![names.category("Fish & pond > Pond food")],
            )
        },
        Offer {
            whom: Whom::Groups(&["independent", "online"]),
            days: (30, 75),
            exclude: vec![names.category("Birds > Treats & grit")],
            ..Offer::of(
                "BIRDS-NEW-YEAR",
                "Birds in the new year",
                Some(Mechanic::Percent {
                    off: BasisPoints(600),
                    from: 10,
                    count_in: PACKS,
                }),
                vec![names.category("Birds")],
            )
        },
    ]
}
