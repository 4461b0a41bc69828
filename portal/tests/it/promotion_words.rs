//! What the brand's people read about a promotion is what it does: the figures and names of every
//! promotion of the demo are read back out of its English sentence, by a small interpreter that
//! knows nothing of the engine, and what they come to is compared with the engine to the cent.

use std::collections::BTreeMap;

use portal::catalogue::{Article, article};
use portal::db::entity::promotion;
use portal::promotions::plan::{self, Stored};
use portal::promotions::words::{self, Names};
use portal::web::locale::Lang;
use portal::web::shape::Message;
use trade::id::{ProductId, PromotionId};
use trade::money::{Currency, UnitPrice};
use trade::promotion::{Basket, Gain, Line, Missing, NearMiss, Part, apply};
use trade::quantity::{PackFactor, Unit};

use crate::harness::App;

/// Reads a text from left to right.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn eat(&mut self, word: &str) -> bool {
        let rest = self.0.strip_prefix(word);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn must(&mut self, word: &str) {
        assert!(self.eat(word), "{word:?} is due at {:?}", self.0);
    }

    /// A figure in ten-thousandths: "1,234.5" is 12 345 000.
    fn figure(&mut self) -> i128 {
        let end = self
            .0
            .find(|c: char| !(c.is_ascii_digit() || ",.".contains(c)));
        let end = end.unwrap_or(self.0.len());
        // A full stop that ends the sentence is none of it.
        let typed = self.0[..end].trim_end_matches(['.', ',']);
        self.0 = &self.0[typed.len()..];
        let (whole, part) = typed.split_once('.').unwrap_or((typed, ""));
        format!("{}{part:0<4}", whole.replace(',', ""))
            .parse()
            .unwrap()
    }

    fn count(&mut self) -> i128 {
        self.figure() / 10_000
    }

    /// "10 cases of": how many, and whether of packs.
    fn amount(&mut self) -> (i128, bool) {
        let count = self.count();
        self.must(" ");
        (count, self.unit())
    }

    fn unit(&mut self) -> bool {
        for (word, packs) in [
            ("order units", true),
            ("order unit", true),
            ("cases", true),
            ("case", true),
            ("pieces", false),
            ("piece", false),
        ] {
            if self.eat(word) {
                return packs;
            }
        }
        panic!("no unit at {:?}", self.0)
    }
}

/// What is counted.
#[derive(Debug, Clone, PartialEq)]
enum Item {
    Everything,
    Brand(String),
    Category(String),
    Product(String),
}

#[derive(Debug, Default)]
struct Items {
    with: Vec<Item>,
    without: Vec<Item>,
}

#[derive(Debug)]
struct Step {
    from: i128,
    /// A rate in millionths, or an amount in ten-thousandths.
    rate: Option<i128>,
    amount: i128,
}

#[derive(Debug)]
enum Rule {
    Percent {
        rate: i128,
        from: i128,
        packs: bool,
    },
    Amount {
        off: i128,
        from: i128,
        packs: bool,
    },
    Fixed {
        price: i128,
        from: i128,
        packs: bool,
    },
    BuyGet {
        cycle: i128,
        get: i128,
        rate: i128,
        packs: bool,
        times: i128,
    },
    Other {
        buy: i128,
        packs: bool,
        name: String,
        get: (i128, bool),
        rate: i128,
        times: i128,
    },
    Free {
        buy: i128,
        packs: bool,
        name: String,
        get: (i128, bool),
        times: i128,
    },
    Bundle {
        parts: Vec<(String, i128, bool)>,
        price: i128,
        times: i128,
    },
    Mix {
        packs: bool,
        steps: Vec<Step>,
    },
    Value {
        steps: Vec<Step>,
    },
    Freight {
        from: i128,
    },
}

/// What a sentence says.
struct Understood {
    items: Items,
    rule: Rule,
}

const FREE: i128 = 1_000_000;

struct Language {
    /// Longest first, so that no name is taken for the beginning of another.
    products: Vec<String>,
    brands: Vec<String>,
}

impl Language {
    fn product(&self, reader: &mut Reader<'_>) -> Option<String> {
        self.products.iter().find(|name| reader.eat(name)).cloned()
    }

    fn item(&self, reader: &mut Reader<'_>) -> Item {
        if reader.eat("everything by ") {
            let brand = self.brands.iter().find(|name| reader.eat(name));
            return Item::Brand(brand.expect("a brand").clone());
        }
        if reader.eat("everything in “") {
            let (path, rest) = reader.0.split_once('”').unwrap();
            reader.0 = rest;
            return Item::Category(path.to_owned());
        }
        if reader.eat("everything") {
            return Item::Everything;
        }
        Item::Product(
            self.product(reader)
                .unwrap_or_else(|| panic!("{:?}", reader.0)),
        )
    }

    fn list(&self, reader: &mut Reader<'_>) -> Vec<Item> {
        let mut all = vec![self.item(reader)];
        loop {
            let before = reader.0;
            let named = reader.eat(" and ") || reader.eat(", ");
            let is_item = reader.0.starts_with("everything")
                || self.products.iter().any(|name| reader.0.starts_with(name));
            if !(named && is_item) {
                reader.0 = before;
                return all;
            }
            all.push(self.item(reader));
        }
    }

    fn items(&self, reader: &mut Reader<'_>) -> Items {
        let mut items = Items {
            with: self.list(reader),
            without: Vec::new(),
        };
        if reader.eat(", except ") {
            items.without = self.list(reader);
            reader.must(",");
        }
        items
    }

    fn steps(&self, reader: &mut Reader<'_>) -> (bool, Vec<Step>) {
        let (mut steps, mut packs) = (Vec::new(), false);
        loop {
            reader.must("from ");
            let from = if reader.eat("€") {
                reader.figure()
            } else {
                let (count, of_packs) = reader.amount();
                packs = of_packs;
                count
            };
            reader.must(" on ");
            let is_money = reader.eat("€");
            let off = reader.figure();
            if !is_money {
                reader.must("%");
            }
            reader.must(" off");
            steps.push(Step {
                from,
                rate: (!is_money).then_some(off),
                amount: off,
            });
            if !(reader.eat(", ") || reader.eat(" and ")) {
                return (packs, steps);
            }
        }
    }

    /// "free" or "50% off", and how often.
    fn gift(reader: &mut Reader<'_>) -> (i128, i128) {
        let rate = if reader.eat("free") {
            FREE
        } else {
            let rate = reader.figure();
            reader.must("% off");
            rate
        };
        (rate, Self::times(reader))
    }

    fn times(reader: &mut Reader<'_>) -> i128 {
        if reader.eat(", once an order") {
            return 1;
        }
        if !reader.eat(", up to ") {
            return i128::from(i64::MAX);
        }
        let times = reader.count();
        reader.must(" times an order");
        times
    }

    fn from(reader: &mut Reader<'_>) -> (i128, bool) {
        if !reader.eat(", from ") {
            return (1, false);
        }
        let (from, packs) = reader.amount();
        reader.eat(" of an item");
        reader.must(" on");
        (from, packs)
    }

    fn understand(&self, sentence: &str) -> Understood {
        let mut reader = Reader(sentence);
        let understood = self.sentence(&mut reader);
        reader.must(".");
        assert_eq!(reader.0, "", "more was said: {sentence}");
        understood
    }

    fn sentence(&self, reader: &mut Reader<'_>) -> Understood {
        if reader.eat("Of every ") {
            let (cycle, packs) = reader.amount();
            reader.must(" of ");
            reader.eat("one item of ");
            let items = self.items(reader);
            reader.must(" ");
            let get = reader.count();
            assert!(reader.eat(" is ") || reader.eat(" are "));
            let (rate, times) = Self::gift(reader);
            return Understood {
                items,
                rule: Rule::BuyGet {
                    cycle,
                    get,
                    rate,
                    packs,
                    times,
                },
            };
        }
        if reader.eat("For every ") {
            let (buy, packs) = reader.amount();
            reader.must(" of ");
            let items = self.items(reader);
            reader.must(", ");
            let get = reader.amount();
            reader.must(" of ");
            let name = self.product(reader).unwrap();
            let other = reader.eat(" in the same order: ");
            if !other {
                reader.must(" ");
            }
            let (rate, times) = Self::gift(reader);
            let rule = match other {
                true => Rule::Other {
                    buy,
                    packs,
                    name,
                    get,
                    rate,
                    times,
                },
                false => Rule::Free {
                    buy,
                    packs,
                    name,
                    get,
                    times,
                },
            };
            return Understood { items, rule };
        }
        if reader.eat("Of ") {
            let items = self.items(reader);
            reader.must(", mixed as one likes: ");
            let (packs, steps) = self.steps(reader);
            return Understood {
                items,
                rule: Rule::Mix { packs, steps },
            };
        }
        if reader.eat("By the net value of ") {
            let items = self.items(reader);
            reader.must(" in the order: ");
            let (_, steps) = self.steps(reader);
            return Understood {
                items,
                rule: Rule::Value { steps },
            };
        }
        if reader.eat("No freight from €") {
            let from = reader.figure();
            reader.must(" net of ");
            let items = self.items(reader);
            reader.must(" on");
            return Understood {
                items,
                rule: Rule::Freight { from },
            };
        }
        self.priced(reader)
    }

    /// Sentences that begin with a figure.
    fn priced(&self, reader: &mut Reader<'_>) -> Understood {
        if reader.eat("€") {
            let money = reader.figure();
            let off = reader.eat(" off each ");
            if !off {
                reader.must(" for each ");
            }
            let packs = reader.unit();
            reader.must(" of ");
            let items = self.items(reader);
            if !off {
                reader.must(", where that is less than the account’s own price");
            }
            let (from, _) = Self::from(reader);
            let rule = match off {
                true => Rule::Amount {
                    off: money,
                    from,
                    packs,
                },
                false => Rule::Fixed {
                    price: money,
                    from,
                    packs,
                },
            };
            return Understood { items, rule };
        }
        let before = reader.0;
        let first = reader.figure();
        if reader.eat("% off ") {
            let items = self.items(reader);
            let (from, packs) = Self::from(reader);
            return Understood {
                items,
                rule: Rule::Percent {
                    rate: first,
                    from,
                    packs,
                },
            };
        }
        reader.0 = before;
        let mut parts = Vec::new();
        loop {
            let (count, packs) = reader.amount();
            reader.must(" of ");
            parts.push((self.product(reader).unwrap(), count, packs));
            if !(reader.eat(", ") || reader.eat(" and ")) {
                break;
            }
        }
        reader.must(" together for €");
        let price = reader.figure();
        let times = Self::times(reader);
        Understood {
            items: Items::default(),
            rule: Rule::Bundle {
                parts,
                price,
                times,
            },
        }
    }
}

/// One product of a basket.
#[derive(Clone)]
struct Good<'a> {
    article: &'a Article,
    path: String,
    pieces: i128,
    pack: i128,
    /// Price × quantity, in ten-thousandths.
    value: i128,
    /// Of its rounded lines, in cents.
    net: i128,
}

impl Good<'_> {
    fn count(&self, packs: bool) -> i128 {
        self.pieces / self.each(packs)
    }

    fn each(&self, packs: bool) -> i128 {
        if packs { self.pack } else { 1 }
    }

    fn is(&self, item: &Item) -> bool {
        match item {
            Item::Everything => true,
            Item::Brand(name) => self.article.brand_name == *name,
            Item::Category(path) => {
                self.path == *path || self.path.starts_with(&format!("{path} > "))
            }
            Item::Product(name) => self.article.name == *name,
        }
    }
}

impl Items {
    fn hold(&self, good: &Good<'_>) -> bool {
        self.with.iter().any(|item| good.is(item)) && !self.without.iter().any(|item| good.is(item))
    }
}

/// Half away from zero.
fn round(number: i128, by: i128) -> i128 {
    (number + by / 2) / by
}

/// What a basket gets: cents off in all, pieces that come along, and whether freight is free.
#[derive(Debug, Default, PartialEq)]
struct Got {
    cents: i128,
    pieces: BTreeMap<String, i128>,
    freight: bool,
}

#[expect(clippy::too_many_lines, reason = "an arm a mechanic")]
fn reckon(understood: &Understood, goods: &[Good<'_>]) -> Got {
    let counted: Vec<&Good<'_>> = goods.iter().filter(|g| understood.items.hold(g)).collect();
    let mut got = Got::default();
    let find = |name: &str| goods.iter().find(|good| good.article.name == name);
    let pack_of = |name: &str| find(name).map_or(1, |good| good.pack);
    let together = |packs: bool| counted.iter().map(|good| good.count(packs)).sum::<i128>();
    match &understood.rule {
        Rule::Percent { rate, from, packs } => {
            for good in counted.iter().filter(|good| good.count(*packs) >= *from) {
                got.cents += round(good.value * rate, FREE * 100);
            }
        }
        Rule::Amount { off, from, packs } => {
            for good in counted.iter().filter(|good| good.count(*packs) >= *from) {
                // Nobody gets more than it is worth.
                let count = good.count(*packs);
                let worth = good.value * count * good.each(*packs);
                got.cents += round((off * count * good.pieces).min(worth), good.pieces * 100);
            }
        }
        Rule::Fixed { price, from, packs } => {
            for good in counted.iter().filter(|good| good.count(*packs) >= *from) {
                let count = good.count(*packs);
                let now = good.value * count * good.each(*packs) - price * count * good.pieces;
                got.cents += round(now.max(0), good.pieces * 100);
            }
        }
        Rule::BuyGet {
            cycle,
            get,
            rate,
            packs,
            times,
        } => {
            let one = |good: &Good<'_>| good.value * get * good.each(*packs) / good.pieces;
            let mut reached: Vec<_> = counted
                .iter()
                .filter(|g| g.count(*packs) >= *cycle)
                .collect();
            reached.sort_by_key(|good| -one(good));
            let mut left = *times;
            for good in reached {
                let times = left.min(good.count(*packs) / cycle);
                left -= times;
                let free = times * get * good.each(*packs);
                got.cents += round(good.value * free * rate, good.pieces * FREE * 100);
            }
        }
        Rule::Other {
            buy,
            packs,
            name,
            get,
            rate,
            times,
        } => {
            let times = (*times).min(together(*packs) / buy);
            if let Some(good) = find(name) {
                let cheaper = good.pieces.min(times * get.0 * good.each(get.1));
                got.cents = round(good.value * cheaper * rate, good.pieces * FREE * 100);
            }
        }
        Rule::Free {
            buy,
            packs,
            name,
            get,
            times,
        } => {
            let times = (*times).min(together(*packs) / buy);
            if times > 0 {
                let each = if get.1 { pack_of(name) } else { 1 };
                got.pieces.insert(name.clone(), times * get.0 * each);
            }
        }
        Rule::Bundle {
            parts,
            price,
            times,
        } => {
            let parts: Vec<_> = parts
                .iter()
                .map(|(name, count, packs)| (find(name), *count, *packs))
                .collect();
            let most = parts.iter().map(|(good, count, packs)| {
                good.map_or(0, |good| good.pieces / (count * good.each(*packs)))
            });
            let times = (*times).min(most.min().unwrap());
            // Prices of the test divide evenly by pieces.
            let value: i128 = parts
                .iter()
                .filter_map(|(good, count, packs)| {
                    let good = (*good)?;
                    Some(good.value * times * count * good.each(*packs) / good.pieces)
                })
                .sum();
            got.cents = round((value - price * times).max(0), 100);
        }
        Rule::Mix { packs, steps } => {
            let value: i128 = counted.iter().map(|good| good.value).sum();
            got.cents = stepped(steps, together(*packs), value);
        }
        Rule::Value { steps } => {
            let net: i128 = counted.iter().map(|good| good.net).sum();
            let value: i128 = counted.iter().map(|good| good.value).sum();
            got.cents = stepped(steps, net * 100, value);
        }
        Rule::Freight { from } => {
            let net: i128 = counted.iter().map(|good| good.net).sum();
            got.freight = net * 100 >= *from;
        }
    }
    got
}

fn stepped(steps: &[Step], reached: i128, value: i128) -> i128 {
    let step = steps.iter().rfind(|step| step.from <= reached);
    step.map_or(0, |step| match step.rate {
        Some(rate) => round(value * rate, FREE * 100),
        None => round(step.amount.min(value), 100),
    })
}

/// A small, even generator: the same baskets in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// A basket in which some of what the promotion counts stands, in cases and in pieces.
fn lines(dice: &mut Dice, chosen: &[&Article]) -> Vec<Line> {
    let mut lines = Vec::new();
    for article in chosen {
        let each = i64::try_from(101 + dice.below(90_000)).unwrap();
        let pack = article.factor(article.order_unit).unwrap();
        let mut line = |unit: Unit, factor: PackFactor, quantity: usize| {
            let quantity = i64::try_from(quantity).unwrap();
            let price = UnitPrice(each * factor.get());
            let net = price.line_total(quantity, Currency::EUR).unwrap();
            let item = article.item.clone();
            lines.push(Line {
                item,
                unit,
                factor,
                order_factor: pack,
                quantity,
                price,
                net,
            });
        };
        let most = [9, 16, 60][dice.below(3)];
        line(article.order_unit, pack, 1 + dice.below(most));
        if dice.below(3) == 0 {
            line(article.base_unit, PackFactor::ONE, 1 + dice.below(40));
        }
    }
    lines
}

fn goods<'a>(lines: &[Line], shelf: &'a Shelf) -> Vec<Good<'a>> {
    let mut by: BTreeMap<ProductId, Good<'a>> = BTreeMap::new();
    for line in lines {
        let article = shelf
            .articles
            .iter()
            .find(|a| a.id == line.item.product)
            .unwrap();
        let good = by.entry(article.id).or_insert_with(|| Good {
            article,
            path: shelf.paths[&article.id].clone(),
            pieces: 0,
            pack: line.order_factor.get().into(),
            value: 0,
            net: 0,
        });
        good.pieces += i128::from(line.quantity * line.factor.get());
        good.value += i128::from(line.price.0) * i128::from(line.quantity);
        good.net += i128::from(line.net.minor);
    }
    by.into_values().collect()
}

struct Shelf {
    articles: Vec<Article>,
    paths: BTreeMap<ProductId, String>,
}

/// Every promotion of the demo world with what its words need.
async fn demo(app: &App) -> (Vec<Stored>, Names, Shelf) {
    let tx = app.data.db.read_system("words").await.unwrap();
    let rows = tx.all::<promotion::Entity>(|all| all).await.unwrap();
    let stored = plan::with_plans(&tx, rows).await.unwrap();
    let plans: Vec<_> = stored.iter().map(|one| &one.plan).collect();
    let names = plan::names(&tx, &app.data, &plans).await.unwrap();
    let reference = app.data.reference.get(&tx).await.unwrap();
    let articles = article::articles(&tx, &reference, |all| all).await.unwrap();
    let path = |article: &Article| reference.categories[&article.category].row.path.clone();
    let paths = articles
        .iter()
        .map(|article| (article.id, path(article)))
        .collect();
    (stored, names, Shelf { articles, paths })
}

both! {
    async fn every_promotion_does_what_its_sentence_says(app) {
        let (stored, names, shelf) = demo(app).await;
        assert_eq!(stored.len(), 15);
        let mut products: Vec<_> = shelf.articles.iter().map(|a| a.name.clone()).collect();
        products.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let mut brands: Vec<_> = shelf.articles.iter().map(|a| a.brand_name.clone()).collect();
        brands.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let language = Language { products, brands };
        let words = app.data.templates.words();
        let mut dice = Dice(7);
        let mut kinds = std::collections::BTreeSet::new();
        for one in &stored {
            let mut promotion = one.promotion();
            promotion.fund = None;
            let sentence = words.message(Lang::En, &words::sentence(&promotion, &names));
            let understood = language.understand(&sentence);
            kinds.insert(promotion.mechanic.kind());
            let (mut gave, mut gave_not) = (0, 0);
            for _ in 0..60 {
                let chosen = choose(&mut dice, &understood, &shelf);
                let lines = lines(&mut dice, &chosen);
                let said = reckon(&understood, &goods(&lines, &shelf));
                let basket = Basket {
                    lines: &lines,
                    currency: Currency::EUR,
                    date: promotion.validity.from,
                    worth: &[],
                };
                let outcome = apply(&basket, std::slice::from_ref(&promotion), &[]).unwrap();
                let done = Got {
                    cents: outcome.lines.iter().map(|l| i128::from(l.discount.minor)).sum(),
                    pieces: outcome.free.iter().map(|free| {
                        let given = shelf.articles.iter().find(|a| a.id == free.part.product);
                        (given.unwrap().name.clone(), i128::from(free.part.pieces))
                    }).collect(),
                    freight: outcome.free_freight.is_some(),
                };
                assert_eq!(said, done, "{}: {sentence}", one.row.code);
                if done == Got::default() { gave_not += 1 } else { gave += 1 }
            }
            assert!(gave > 4 && gave_not > 0, "{}: {gave} and {gave_not}", one.row.code);
        }
        assert_eq!(kinds.len(), 10, "a mechanic is missing: {kinds:?}");
    }

    async fn its_days_are_said_as_they_are(app) {
        let (stored, ..) = demo(app).await;
        let words = app.data.templates.words();
        let one = stored.iter().find(|one| one.row.code == "HOFGOLD-10").unwrap();
        let said = words.message(Lang::En, &words::validity(&one.plan.validity));
        assert_eq!(said, "From 4 Nov 2026 to 31 Dec 2026.");
        let said = words.message(Lang::De, &words::validity(&one.plan.validity));
        assert_eq!(said, "Vom 04.11.2026 bis 31.12.2026.");
    }

    async fn rows_and_near_misses_are_short(app) {
        let (stored, names, shelf) = demo(app).await;
        let words = app.data.templates.words();
        let say = |message: &Message| words.message(Lang::En, message);
        let of = |code: &str| stored.iter().find(|one| one.row.code == code).unwrap().promotion();
        let toys = of("TOYS-10-2");
        assert_eq!(say(&words::short(&toys, &names)), "10 + 2 cases free until 31 Dec 2026");
        let german = words.message(Lang::De, &words::short(&toys, &names));
        assert_eq!(german, "10 + 2 Kartons gratis bis 31.12.2026");
        let freight = of("FREIGHT-2500");
        let near = NearMiss {
            promotion: PromotionId(uuid::Uuid::nil()),
            missing: Missing::Value { minor: 4_500 },
            gain: Gain::Freight,
        };
        assert_eq!(say(&words::near_miss(&near, &freight, &names)), "Add €45.00 to get free freight.");
        let indoor = of("INDOOR-10-1");
        let small = "Silbertatze Indoor Salmon & Rice 400 g";
        let small = shelf.articles.iter().find(|article| article.name == small).unwrap();
        let near = NearMiss {
            missing: Missing::OfAssortment { count: 6, count_in: trade::promotion::CountIn::Packs },
            gain: Gain::Goods {
                part: Part { product: small.id, pieces: 10 },
                off: trade::money::BasisPoints(10_000),
            },
            ..near
        };
        assert_eq!(
            say(&words::near_miss(&near, &indoor, &names)),
            "Add 6 cases of these items to get 1 case of Silbertatze Indoor Salmon & Rice 400 g free."
        );
    }
}

/// Some of what it counts, all that it names, and something beside it.
fn choose<'a>(dice: &mut Dice, understood: &Understood, shelf: &'a Shelf) -> Vec<&'a Article> {
    let good = |article: &'a Article| Good {
        article,
        path: shelf.paths[&article.id].clone(),
        pieces: 0,
        pack: 1,
        value: 0,
        net: 0,
    };
    let counted: Vec<&Article> = shelf
        .articles
        .iter()
        .filter(|article| understood.items.hold(&good(article)))
        .collect();
    let mut chosen: Vec<&Article> = Vec::new();
    for _ in 0..1 + dice.below(3) {
        chosen.extend(counted.get(dice.below(counted.len().max(1))));
    }
    let named: Vec<&String> = match &understood.rule {
        Rule::Other { name, .. } | Rule::Free { name, .. } => vec![name],
        Rule::Bundle { parts, .. } => parts.iter().map(|(name, ..)| name).collect(),
        Rule::Percent { .. }
        | Rule::Amount { .. }
        | Rule::Fixed { .. }
        | Rule::BuyGet { .. }
        | Rule::Mix { .. }
        | Rule::Value { .. }
        | Rule::Freight { .. } => vec![],
    };
    // The pack of what comes along is looked up in the basket, so it always stands there.
    chosen.extend(
        shelf
            .articles
            .iter()
            .filter(|article| named.contains(&&article.name)),
    );
    chosen.push(&shelf.articles[dice.below(shelf.articles.len())]);
    chosen.sort_by_key(|article| article.id);
    chosen.dedup_by_key(|article| article.id);
    chosen
}
