//! Pictures of products that do not exist, drawn: a pack by its shape, in its brand's colour, with
//! the animal it is for and the weight it holds.
//!
//! Each is a small SVG of plain shapes: no script, no style, nothing from elsewhere, so that it may
//! be served under the strictest policy. The pack reads at 48 pixels, the label at 320.

use std::fmt::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Bag,
    Sack,
    Can,
    Pouch,
    Box,
    Bale,
    Bottle,
    Jar,
    Tub,
    Toy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Animal {
    Dog,
    Cat,
    Rodent,
    Bird,
    Fish,
    Reptile,
}

/// What a pack looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub shape: Shape,
    pub animal: Animal,
    /// The brand's colour, in degrees.
    pub hue: u32,
    /// The variant's colour, in degrees.
    pub accent: u32,
    pub label: String,
    pub brand: String,
}

/// The picture, two kilobytes at most.
pub fn draw(look: &Look) -> String {
    let colours = Colours::of(look);
    let mut svg = String::with_capacity(1_800);
    svg.push_str(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320">"#);
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        r#"<rect width="320" height="320" rx="28" fill="{}"/><ellipse cx="160" cy="285" rx="96" ry="10" fill="{}" opacity=".35"/>"#,
        colours.ground, colours.shade
    );
    pack(&mut svg, look.shape, &colours);
    let face = Face::of(look.shape);
    label(&mut svg, look, &face, &colours);
    svg.push_str("</svg>");
    svg
}

struct Colours {
    ground: String,
    body: String,
    light: String,
    shade: String,
    accent: String,
}

impl Colours {
    fn of(look: &Look) -> Self {
        let (hue, accent) = (look.hue, look.accent);
        Self {
            ground: format!("hsl({hue} 38% 94%)"),
            body: format!("hsl({hue} 42% 42%)"),
            light: format!("hsl({hue} 40% 54%)"),
            shade: format!("hsl({hue} 46% 29%)"),
            accent: format!("hsl({accent} 58% 56%)"),
        }
    }
}

/// Where on a pack its label stands.
struct Face {
    top: i32,
    bottom: i32,
    half_width: i32,
}

impl Face {
    fn of(shape: Shape) -> Self {
        let (top, bottom, half_width) = match shape {
            Shape::Bag => (96, 244, 58),
            Shape::Sack => (88, 248, 68),
            Shape::Can => (106, 246, 64),
            Shape::Pouch => (92, 244, 60),
            Shape::Box => (96, 246, 58),
            Shape::Bale => (96, 252, 66),
            Shape::Bottle => (126, 252, 44),
            Shape::Jar => (120, 250, 58),
            Shape::Tub => (122, 250, 62),
            Shape::Toy => (104, 236, 52),
        };
        Self {
            top,
            bottom,
            half_width,
        }
    }
}

fn pack(svg: &mut String, shape: Shape, c: &Colours) {
    let Colours {
        body, light, shade, ..
    } = c;
    let _ = match shape {
        Shape::Bag => write!(
            svg,
            r#"<path d="M86 62H234L240 270Q240 284 226 284H94Q80 284 80 270Z" fill="{body}"/><path d="M214 62H234L240 270Q240 284 226 284H216Z" fill="{shade}"/><path d="M84 38H236V64H84Z" fill="{light}"/><path d="M84 51H236" stroke="{shade}" stroke-width="3" stroke-dasharray="6 5"/>"#
        ),
        Shape::Sack => write!(
            svg,
            r#"<path d="M72 34L84 46H236L248 34L252 78V250L246 290L232 280H88L74 290L68 250V78Z" fill="{body}"/><path d="M224 46H236L248 34L252 78V250L246 290L232 280H224Z" fill="{shade}"/><path d="M78 62H244" stroke="{light}" stroke-width="5" stroke-dasharray="9 6"/>"#
        ),
        Shape::Can => write!(
            svg,
            r#"<path d="M80 76V262C80 292 240 292 240 262V76Z" fill="{body}"/><path d="M214 76V279C232 275 240 270 240 262V76Z" fill="{shade}"/><ellipse cx="160" cy="74" rx="80" ry="22" fill="{ring}"/><ellipse cx="160" cy="72" rx="66" ry="15" fill="{light}"/><path d="M150 68a12 6 0 1 0 24 0z" fill="{ring}"/>"#,
            ring = "#d9d9d6"
        ),
        Shape::Pouch => write!(
            svg,
            r#"<path d="M82 48Q160 60 238 48L232 160L242 278Q160 292 78 278L88 160Z" fill="{body}"/><path d="M82 48Q160 60 238 48L237 70Q160 82 83 70Z" fill="{light}"/><path d="M216 52Q228 51 238 48L232 160L242 278Q232 281 222 282Z" fill="{shade}"/>"#
        ),
        Shape::Box => write!(
            svg,
            r#"<path d="M82 66H226V284H82Z" fill="{body}"/><path d="M226 66L250 48V262L226 284Z" fill="{shade}"/><path d="M82 66L108 48H250L226 66Z" fill="{light}"/>"#
        ),
        Shape::Bale => write!(
            svg,
            r#"<rect x="62" y="76" width="196" height="208" rx="26" fill="{body}"/><path d="M226 76H232Q258 76 258 102V258Q258 284 232 284H226Z" fill="{shade}"/><path d="M96 76V284M224 76V284" stroke="{light}" stroke-width="8"/><path d="M128 76Q160 44 192 76" fill="none" stroke="{shade}" stroke-width="9"/>"#
        ),
        Shape::Bottle => write!(
            svg,
            r#"<path d="M138 66H182V92Q220 104 220 138V266Q220 284 202 284H118Q100 284 100 266V138Q100 104 138 92Z" fill="{body}"/><path d="M196 99Q220 110 220 138V266Q220 284 202 284H196Z" fill="{shade}"/><rect x="132" y="34" width="56" height="36" rx="7" fill="{light}"/>"#
        ),
        Shape::Jar => write!(
            svg,
            r#"<rect x="84" y="90" width="152" height="194" rx="24" fill="{body}"/><path d="M212 90Q236 92 236 114V260Q236 282 212 284Z" fill="{shade}"/><rect x="78" y="54" width="164" height="44" rx="10" fill="{light}"/><path d="M96 60V92M118 60V92M140 60V92M162 60V92M184 60V92M206 60V92" stroke="{shade}" stroke-width="3" opacity=".5"/>"#
        ),
        Shape::Tub => write!(
            svg,
            r#"<path d="M76 96H244L230 272Q229 284 216 284H104Q91 284 90 272Z" fill="{body}"/><path d="M218 96H244L230 272Q229 284 216 284H206Z" fill="{shade}"/><rect x="66" y="76" width="188" height="30" rx="10" fill="{light}"/><path d="M86 78Q160 8 234 78" fill="none" stroke="{shade}" stroke-width="7"/>"#
        ),
        Shape::Toy => write!(
            svg,
            r#"<path d="M70 60H250V284H70Z" fill="{light}"/><path d="M70 60H250V92H70Z" fill="{body}"/><circle cx="160" cy="76" r="10" fill="{ground}"/><circle cx="160" cy="172" r="82" fill="{body}"/><path d="M160 90A82 82 0 0 1 160 254A110 110 0 0 0 160 90Z" fill="{shade}"/>"#,
            ground = c.ground
        ),
    };
}

fn label(svg: &mut String, look: &Look, face: &Face, c: &Colours) {
    let (left, width) = (160 - face.half_width, face.half_width * 2);
    let band = face.bottom - 38;
    let _ = write!(
        svg,
        r##"<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="10" fill="#fffdf7"/><path d="M{left} {band}H{right}V{low}Q{right} {bottom} {r} {bottom}H{l}Q{left} {bottom} {left} {low}Z" fill="{accent}"/>"##,
        top = face.top,
        height = face.bottom - face.top,
        right = left + width,
        bottom = face.bottom,
        low = face.bottom - 10,
        l = left + 10,
        r = left + width - 10,
        accent = c.accent,
    );
    let middle = (face.top + 24 + band) / 2;
    let _ = write!(
        svg,
        r#"<g transform="translate(160 {middle})" fill="{}">"#,
        c.body
    );
    svg.push_str(glyph(look.animal));
    svg.push_str("</g>");
    let brand = look.brand.split(' ').next().unwrap_or_default();
    let size = fitting(width, brand, 22);
    let _ = write!(
        svg,
        r##"<g font-family="system-ui,sans-serif" font-weight="700" text-anchor="middle"><text x="160" y="{y}" font-size="{size}" fill="{shade}">{brand}</text><text x="160" y="{w}" font-size="{fits}" fill="#1d1b16">{weight}</text></g>"##,
        y = face.top + 24,
        shade = c.shade,
        brand = escaped(brand),
        w = face.bottom - 11,
        fits = fitting(width, &look.label, 24),
        weight = escaped(&look.label),
    );
}

/// The size at which a word fills a label, a letter being some six tenths as wide as high.
fn fitting(width: i32, word: &str, most: i32) -> i32 {
    let letters = i32::try_from(word.chars().count().max(1)).unwrap_or(1);
    ((width - 10) * 10 / (letters * 6)).clamp(10, most)
}

/// The animal, around the origin, within 35 units.
fn glyph(animal: Animal) -> &'static str {
    match animal {
        Animal::Dog => {
            r#"<ellipse cx="-22" cy="-4" rx="8" ry="11"/><ellipse cx="-8" cy="-18" rx="8" ry="11"/><ellipse cx="8" cy="-18" rx="8" ry="11"/><ellipse cx="22" cy="-4" rx="8" ry="11"/><path d="M0-2C12-2 24 14 18 24C12 32 6 26 0 26S-12 32-18 24C-24 14-12-2 0-2Z"/>"#
        }
        Animal::Cat => {
            r##"<path d="M-26-28L-10-16Q0-19 10-16L26-28L27 4Q24 28 0 28T-27 4Z"/><circle cx="-10" cy="1" r="4" fill="#fffdf7"/><circle cx="10" cy="1" r="4" fill="#fffdf7"/><path d="M-4 11H4L0 16ZM-34 10L-16 13M34 10L16 13" stroke="#fffdf7" stroke-width="2" fill="#fffdf7"/>"##
        }
        Animal::Rodent => {
            r##"<ellipse cx="-9" cy="-20" rx="7" ry="17" transform="rotate(-10 -9 -20)"/><ellipse cx="11" cy="-20" rx="7" ry="17" transform="rotate(14 11 -20)"/><ellipse cy="11" rx="23" ry="19"/><circle cx="-9" cy="7" r="3.5" fill="#fffdf7"/><circle cx="9" cy="7" r="3.5" fill="#fffdf7"/><path d="M-4 15H4L0 19Z" fill="#fffdf7"/>"##
        }
        Animal::Bird => {
            r##"<path d="M-34-8L-20-14Q-16-28 0-26Q14-24 16-8L36 20L10 16Q-2 26-14 16Q-24 8-22-4Z"/><circle cx="-8" cy="-14" r="3.5" fill="#fffdf7"/><path d="M-4-2Q10-4 14 12Q0 12-4-2Z" fill="#fffdf7" opacity=".6"/><path d="M-6 20V30M2 20V30" stroke="currentColor" stroke-width="3"/>"##
        }
        Animal::Fish => {
            r##"<path d="M-34 0Q-12-24 14-4L34-18Q28 0 34 18L14 4Q-12 24-34 0Z"/><circle cx="-18" cy="-3" r="3.5" fill="#fffdf7"/><path d="M-6-10Q0 0-6 10" fill="none" stroke="#fffdf7" stroke-width="2.5"/>"##
        }
        Animal::Reptile => {
            r##"<path d="M-24 10Q-22-22 4-22Q26-20 28 10Z"/><path d="M-22 8Q-36 8-36-2T-24-8ZM-14 10H-4V24H-14ZM12 10H22V24H12ZM26 6L38 12L26 12Z"/><path d="M-10 8L-4-8H10L16 8M-4-8L2-20L10-8" fill="none" stroke="#fffdf7" stroke-width="2.5"/>"##
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::assortment::products;
    use super::super::chance::Chance;
    use super::*;

    #[test]
    fn every_picture_is_small_plain_and_its_own() {
        let products = products(320, &Chance::new(1));
        let mut seen = HashSet::new();
        for product in &products {
            let svg = draw(&product.look);
            assert!(
                svg.len() <= 2_048,
                "{} is {} bytes",
                product.row.sku,
                svg.len()
            );
            for word in ["<script", "style", "href", "url("] {
                assert!(!svg.contains(word), "{word} in {}", product.row.sku);
            }
            let mut reader = quick_check(&svg);
            assert!(reader.pop().is_none());
            seen.insert(svg);
        }
        assert!(
            seen.len() * 10 > products.len() * 8,
            "{} of {}",
            seen.len(),
            products.len()
        );
    }

    /// Tags that were opened and not closed.
    fn quick_check(svg: &str) -> Vec<String> {
        let mut open = Vec::new();
        for tag in svg.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').expect("a closed tag");
            let name: String = tag
                .chars()
                .take_while(|c| !matches!(c, ' ' | '/'))
                .collect();
            if tag.starts_with('/') {
                assert_eq!(open.pop().as_deref(), tag.strip_prefix('/'));
            } else if !tag.ends_with('/') {
                open.push(name);
            }
        }
        open
    }

    #[test]
    fn text_on_a_label_is_escaped() {
        let look = Look {
            shape: Shape::Can,
            animal: Animal::Cat,
            hue: 1,
            accent: 2,
            label: "<5 & kg>".into(),
            brand: "A<b>".into(),
        };
        let svg = draw(&look);
        assert!(svg.contains("&lt;5 &amp; kg&gt;") && svg.contains("A&lt;b&gt;"));
    }
}
