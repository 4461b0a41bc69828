-- What is sold: products, their units, pictures and substitutes, and who may see them.

CREATE TABLE product_brands (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL
);

CREATE TABLE categories (
    id uuid PRIMARY KEY,
    parent_id uuid REFERENCES categories (id) ON DELETE RESTRICT,
    name text NOT NULL,
    -- Names from the root, joined by " > ": unique, and what files say.
    path text NOT NULL UNIQUE,
    position integer NOT NULL DEFAULT 0
);
CREATE INDEX categories_by_parent ON categories (parent_id);

-- Each category with itself (distance 0) and everything above it.
CREATE TABLE category_ancestors (
    category_id uuid NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    ancestor_id uuid NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    distance integer NOT NULL CHECK (distance >= 0),
    PRIMARY KEY (category_id, ancestor_id)
);
CREATE INDEX category_ancestors_by_ancestor ON category_ancestors (ancestor_id);

CREATE TABLE tax_rates (
    country text NOT NULL CHECK (length(country) = 2),
    tax_class text NOT NULL CHECK (tax_class IN ('standard', 'reduced', 'zero')),
    valid_from text NOT NULL CHECK (length(valid_from) = 10),
    rate integer NOT NULL CHECK (rate BETWEEN 0 AND 10000),
    PRIMARY KEY (country, tax_class, valid_from)
);

CREATE TABLE products (
    id uuid PRIMARY KEY,
    sku text NOT NULL UNIQUE CHECK (length(sku) BETWEEN 1 AND 64),
    gtin text UNIQUE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 500),
    description text NOT NULL DEFAULT '',
    brand_id uuid NOT NULL REFERENCES product_brands (id) ON DELETE RESTRICT,
    category_id uuid NOT NULL REFERENCES categories (id) ON DELETE RESTRICT,
    base_unit text NOT NULL,
    order_unit text NOT NULL,
    -- Both counted in order units.
    moq integer NOT NULL CHECK (moq BETWEEN 1 AND 1000000),
    multiple integer NOT NULL CHECK (multiple BETWEEN 1 AND 1000000),
    tax_class text NOT NULL CHECK (tax_class IN ('standard', 'reduced', 'zero')),
    status text NOT NULL CHECK (status IN ('active', 'phasing_out', 'delisted')),
    stock_policy text NOT NULL CHECK (stock_policy IN ('strict', 'back_order', 'untracked')),
    -- Orders of the last year it stood on; sorts lists by popularity.
    popularity bigint NOT NULL DEFAULT 0,
    picture text,
    updated_at bigint NOT NULL
);
CREATE INDEX products_by_category ON products (category_id);
CREATE INDEX products_by_brand ON products (brand_id);
CREATE INDEX products_by_name ON products (name, id);
CREATE INDEX products_by_popularity ON products (popularity, id);

CREATE TABLE product_units (
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    unit text NOT NULL,
    pack_factor integer NOT NULL CHECK (pack_factor BETWEEN 1 AND 100000),
    gtin text UNIQUE,
    PRIMARY KEY (product_id, unit)
);

CREATE TABLE product_substitutes (
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    substitute_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    position integer NOT NULL DEFAULT 0,
    PRIMARY KEY (product_id, substitute_id),
    CHECK (product_id <> substitute_id)
);

-- exclude: hidden from the audience. include: hidden from everybody but the audiences included.
-- The audience is an account, a group, or everybody where both are empty.
CREATE TABLE visibility_rules (
    id uuid PRIMARY KEY,
    effect text NOT NULL CHECK (effect IN ('include', 'exclude')),
    product_id uuid REFERENCES products (id) ON DELETE CASCADE,
    category_id uuid REFERENCES categories (id) ON DELETE CASCADE,
    account_id uuid REFERENCES accounts (id) ON DELETE CASCADE,
    group_id uuid REFERENCES account_groups (id) ON DELETE CASCADE,
    CHECK ((product_id IS NULL) <> (category_id IS NULL)),
    CHECK (account_id IS NULL OR group_id IS NULL)
);
CREATE INDEX visibility_rules_by_product ON visibility_rules (product_id, effect);
CREATE INDEX visibility_rules_by_category ON visibility_rules (category_id, effect);

CREATE TABLE stock (
    product_id uuid PRIMARY KEY REFERENCES products (id) ON DELETE RESTRICT,
    on_hand bigint NOT NULL CHECK (on_hand >= 0),
    allocated bigint NOT NULL DEFAULT 0 CHECK (allocated >= 0),
    reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    expected_on text CHECK (length(expected_on) = 10),
    expected_quantity bigint CHECK (expected_quantity > 0),
    updated_at bigint NOT NULL
);

CREATE TABLE stock_movements (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    at bigint NOT NULL,
    on_hand bigint NOT NULL,
    allocated bigint NOT NULL,
    reserved bigint NOT NULL,
    cause text NOT NULL CHECK (cause IN ('count', 'order', 'cancellation')),
    reference text NOT NULL
);
CREATE INDEX stock_movements_by_product ON stock_movements (product_id, at);
CREATE INDEX stock_movements_by_reference ON stock_movements (reference);
