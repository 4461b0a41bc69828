-- Price lists, contracts, and each account's ranked sequence of them.
-- Periods are local dates, the end not included; '9999-12-31' where no end is agreed.

CREATE TABLE price_lists (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    currency text NOT NULL CHECK (length(currency) = 3)
);

CREATE TABLE price_rows (
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    price_list_id uuid NOT NULL REFERENCES price_lists (id) ON DELETE CASCADE,
    unit text NOT NULL,
    min_quantity bigint NOT NULL CHECK (min_quantity >= 1),
    valid_from text NOT NULL CHECK (length(valid_from) = 10),
    valid_until text NOT NULL DEFAULT '9999-12-31' CHECK (length(valid_until) = 10),
    -- Ten-thousandths of the major unit, for one of the unit.
    amount bigint NOT NULL CHECK (amount >= 0),
    CHECK (valid_from < valid_until),
    PRIMARY KEY (price_list_id, product_id, unit, min_quantity, valid_from)
);
CREATE INDEX price_rows_by_product ON price_rows (product_id);

-- Discounts off the list price that a list carries.
CREATE TABLE price_conditions (
    id uuid PRIMARY KEY,
    price_list_id uuid NOT NULL REFERENCES price_lists (id) ON DELETE CASCADE,
    target text NOT NULL CHECK (target IN ('product', 'brand', 'category', 'everything')),
    product_id uuid REFERENCES products (id) ON DELETE CASCADE,
    brand_id uuid REFERENCES product_brands (id) ON DELETE CASCADE,
    category_id uuid REFERENCES categories (id) ON DELETE CASCADE,
    discount integer NOT NULL CHECK (discount BETWEEN 0 AND 10000),
    valid_from text NOT NULL CHECK (length(valid_from) = 10),
    valid_until text NOT NULL DEFAULT '9999-12-31' CHECK (length(valid_until) = 10),
    CHECK (valid_from < valid_until),
    CHECK ((product_id IS NOT NULL) = (target = 'product')),
    CHECK ((brand_id IS NOT NULL) = (target = 'brand')),
    CHECK ((category_id IS NOT NULL) = (target = 'category'))
);
CREATE INDEX price_conditions_by_list ON price_conditions (price_list_id);

-- Conditions agreed with one account or one group; the prices stand in a list of its own.
CREATE TABLE contracts (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    name text NOT NULL,
    account_id uuid REFERENCES accounts (id) ON DELETE RESTRICT,
    group_id uuid REFERENCES account_groups (id) ON DELETE RESTRICT,
    price_list_id uuid NOT NULL UNIQUE REFERENCES price_lists (id) ON DELETE RESTRICT,
    priority integer NOT NULL DEFAULT 100,
    valid_from text NOT NULL CHECK (length(valid_from) = 10),
    valid_until text NOT NULL DEFAULT '9999-12-31' CHECK (length(valid_until) = 10),
    CHECK (valid_from < valid_until),
    CHECK ((account_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX contracts_by_account ON contracts (account_id);
CREATE INDEX contracts_by_group ON contracts (group_id);

-- Lists outside a contract: for an account, a ship-to, a group, or everybody.
CREATE TABLE price_list_assignments (
    id uuid PRIMARY KEY,
    price_list_id uuid NOT NULL REFERENCES price_lists (id) ON DELETE CASCADE,
    account_id uuid REFERENCES accounts (id) ON DELETE CASCADE,
    ship_to_id uuid REFERENCES ship_tos (id) ON DELETE CASCADE,
    group_id uuid REFERENCES account_groups (id) ON DELETE CASCADE,
    priority integer NOT NULL DEFAULT 100,
    valid_from text NOT NULL CHECK (length(valid_from) = 10),
    valid_until text NOT NULL DEFAULT '9999-12-31' CHECK (length(valid_until) = 10),
    CHECK (valid_from < valid_until),
    CHECK (CASE WHEN account_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN ship_to_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN group_id IS NULL THEN 0 ELSE 1 END <= 1)
);
CREATE INDEX price_list_assignments_by_list ON price_list_assignments (price_list_id);

-- The access sequence, worked out when contracts or assignments change: accounts × a handful.
CREATE TABLE account_price_lists (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    ship_to_id uuid REFERENCES ship_tos (id) ON DELETE CASCADE,
    price_list_id uuid NOT NULL REFERENCES price_lists (id) ON DELETE CASCADE,
    contract_id uuid REFERENCES contracts (id) ON DELETE CASCADE,
    rank integer NOT NULL CHECK (rank BETWEEN 0 AND 3),
    priority integer NOT NULL,
    valid_from text NOT NULL,
    valid_until text NOT NULL
);
CREATE INDEX account_price_lists_by_account ON account_price_lists (account_id);
