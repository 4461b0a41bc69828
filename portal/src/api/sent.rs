//! Shapes of what programs send, for the API's description. What is read is read by
//! [`super::body`], which finds more than one fault at a time.

use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{RefOr, schema::AdditionalProperties};
use utoipa::{PartialSchema, ToSchema};

use trade::quantity::Unit;

/// A unit of measure by its code.
pub struct UnitCode;

impl PartialSchema for UnitCode {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "UN/ECE Recommendation 20: H87 piece, PR pair, SET set, XPK pack, XBG bag, XBX \
                 box, XCS case, XPX pallet, KGM kilogram, LTR litre, MTR metre",
            ))
            .enum_values(Some(Unit::ALL.map(Unit::code)))
            .into()
    }
}

impl ToSchema for UnitCode {}

/// An amount with its currency.
#[derive(Debug, Clone, ToSchema, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoneySent {
    /// Of the major unit, such as `12.40`.
    #[schema(pattern = r"^[0-9]{1,12}(\.[0-9]{1,2})?$", example = "12.40")]
    pub amount: String,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "EUR")]
    pub currency: String,
}

/// The price of one unit: an amount in the list's currency, or money that says it.
pub struct UnitPriceSent;

impl PartialSchema for UnitPriceSent {
    fn schema() -> RefOr<Schema> {
        let text = |pattern: &str| {
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .pattern(Some(pattern))
                .build()
        };
        // Above zero and below a million.
        let amount = text(r"^[0-9]{0,5}[1-9](\.[0-9]{1,4})?$");
        let money = ObjectBuilder::new()
            .property("amount", amount.clone())
            .property("currency", text("^[A-Z]{3}$"))
            .required("amount")
            .required("currency")
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)));
        OneOfBuilder::new().item(amount).item(money).into()
    }
}

impl ToSchema for UnitPriceSent {}
