//! A product's picture, or one drawn from its name where the brand has given none.

/// The picture as it is sent.
#[must_use]
pub fn svg(stored: Option<&str>, sku: &str, name: &str) -> String {
    match stored {
        Some(picture) if picture.trim_start().starts_with('<') => picture.to_owned(),
        Some(_) | None => placeholder(sku, name),
    }
}

/// Initials on a tint; a product keeps its tint.
fn placeholder(sku: &str, name: &str) -> String {
    let hue = sku
        .bytes()
        .fold(7_u32, |hue, byte| (hue * 31 + u32::from(byte)) % 360);
    let initials = initials(name);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 320 320\">\
         <rect width=\"320\" height=\"320\" fill=\"hsl({hue} 30% 90%)\"/>\
         <text x=\"160\" y=\"164\" fill=\"hsl({hue} 40% 32%)\" font-family=\"sans-serif\" \
         font-size=\"112\" text-anchor=\"middle\" dominant-baseline=\"middle\">{initials}</text>\
         </svg>"
    )
}

/// The first letters of the first two words, or of an article named by a number its first digit.
/// Letters and digits alone, so nothing in a name can become markup.
fn initials(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let first = words.filter_map(|word| word.chars().next());
    first.take(2).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{initials, placeholder, svg};

    #[test]
    fn initials_are_letters_of_the_first_two_words() {
        assert_eq!(initials("Adult dog Beef"), "AD");
        assert_eq!(initials("ökologisch"), "Ö");
        assert_eq!(initials("<script>alert(1)"), "SA");
        assert_eq!(initials("?!"), "");
    }

    #[test]
    fn a_product_keeps_its_tint_and_another_has_its_own() {
        assert_eq!(placeholder("DOG-1", "Dog"), placeholder("DOG-1", "Dog"));
        assert_ne!(placeholder("DOG-1", "Dog"), placeholder("DOG-2", "Dog"));
    }

    #[test]
    fn a_stored_picture_is_sent_as_it_is_and_what_is_none_is_replaced() {
        assert_eq!(svg(Some("<svg/>"), "A", "B"), "<svg/>");
        assert!(svg(Some("dog.png"), "A", "Bone").contains(">B</text>"));
        assert!(svg(None, "A", "Bone").contains(">B</text>"));
    }
}
