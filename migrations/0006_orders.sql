-- Carts, orders, what happened to them, and credit notes.

CREATE TABLE carts (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    state text NOT NULL CHECK (state IN ('open', 'submitted')),
    ship_to_id uuid,
    po_number text NOT NULL DEFAULT '',
    requested_date text CHECK (length(requested_date) = 10),
    note text NOT NULL DEFAULT '',
    -- What a reorder dropped, changed or substituted, until the buyer has seen it.
    notices jsonb,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, ship_to_id) REFERENCES ship_tos (account_id, id)
);
-- One cart a company: its buyers share it.
CREATE UNIQUE INDEX carts_one_open ON carts (account_id) WHERE state = 'open';

CREATE TABLE cart_lines (
    id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    cart_id uuid NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    unit text NOT NULL,
    quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
    added_by text NOT NULL,
    added_at bigint NOT NULL,
    UNIQUE (cart_id, product_id, unit),
    FOREIGN KEY (account_id, cart_id) REFERENCES carts (account_id, id) ON DELETE CASCADE
);

-- Quick order as typed, right and wrong rows alike, so that a reload loses nothing.
CREATE TABLE quick_order_rows (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    position integer NOT NULL,
    code text NOT NULL,
    quantity text NOT NULL,
    unit text NOT NULL,
    PRIMARY KEY (user_id, account_id, position)
);

CREATE TABLE orders (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    cart_id uuid UNIQUE REFERENCES carts (id) ON DELETE RESTRICT,
    state text NOT NULL CHECK (state IN
        ('held', 'confirmed', 'released', 'closed', 'cancelled', 'rejected', 'expired')),
    source text NOT NULL CHECK (source IN ('portal', 'on_behalf', 'api', 'import')),
    ship_to_id uuid,
    currency text NOT NULL CHECK (length(currency) = 3),
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    gross_minor bigint NOT NULL CHECK (gross_minor = net_minor + tax_minor),
    line_count integer NOT NULL CHECK (line_count >= 0),
    -- A row a rate: rate, reason, net, amount.
    taxes jsonb NOT NULL,
    -- Name and address lines as they were: {"bill_to": […], "ship_to": […]}.
    addresses jsonb NOT NULL,
    po_number text NOT NULL DEFAULT '',
    requested_date text CHECK (length(requested_date) = 10),
    note text NOT NULL DEFAULT '',
    payment_terms_days integer NOT NULL DEFAULT 0,
    placed_at bigint NOT NULL,
    -- The brand's local date of it, by which reports and lists cut.
    placed_on text NOT NULL CHECK (length(placed_on) = 10),
    placed_by text NOT NULL,
    placed_by_id uuid REFERENCES users (id) ON DELETE RESTRICT,
    -- The account's name where somebody else placed it for them.
    on_behalf_of text,
    cancel_reason text,
    updated_at bigint NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, ship_to_id) REFERENCES ship_tos (account_id, id)
);
CREATE INDEX orders_by_account ON orders (account_id, placed_at);
CREATE INDEX orders_by_time ON orders (placed_at, id);
CREATE INDEX orders_by_state ON orders (account_id, state);

CREATE TABLE order_lines (
    order_id uuid NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    account_id uuid NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    sku text NOT NULL,
    name text NOT NULL,
    unit text NOT NULL,
    pack_factor integer NOT NULL CHECK (pack_factor >= 1),
    quantity integer NOT NULL CHECK (quantity >= 1),
    -- The rest counts base units.
    ordered bigint NOT NULL CHECK (ordered = quantity * pack_factor),
    cancelled bigint NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
    shipped bigint NOT NULL DEFAULT 0 CHECK (shipped >= 0),
    allocated bigint NOT NULL DEFAULT 0 CHECK (allocated >= 0),
    back_ordered bigint NOT NULL DEFAULT 0 CHECK (back_ordered >= 0),
    returned bigint NOT NULL DEFAULT 0 CHECK (returned >= 0),
    unit_price bigint NOT NULL CHECK (unit_price >= 0),
    net_minor bigint NOT NULL CHECK (net_minor >= 0),
    tax_rate integer NOT NULL CHECK (tax_rate BETWEEN 0 AND 10000),
    tax_reason text NOT NULL CHECK (tax_reason IN ('taxed', 'intra_community', 'export')),
    -- None for history that was imported: the price is then what the file said.
    price_trace jsonb,
    CHECK (ordered = cancelled + shipped + allocated + back_ordered),
    CHECK (returned <= shipped),
    PRIMARY KEY (order_id, position),
    FOREIGN KEY (account_id, order_id) REFERENCES orders (account_id, id) ON DELETE RESTRICT
);
CREATE INDEX order_lines_by_product ON order_lines (account_id, product_id);

CREATE TABLE order_events (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('placed', 'confirmed', 'released', 'closed', 'cancelled')),
    at bigint NOT NULL,
    by_name text NOT NULL,
    on_behalf_of text,
    detail text,
    FOREIGN KEY (account_id, order_id) REFERENCES orders (account_id, id) ON DELETE RESTRICT
);
CREATE INDEX order_events_by_order ON order_events (order_id, at);

-- What an account has bought, kept with each order: last time, how much, how often.
CREATE TABLE account_products (
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    first_on text NOT NULL,
    last_on text NOT NULL,
    last_quantity integer NOT NULL,
    last_unit text NOT NULL,
    times integer NOT NULL CHECK (times >= 1),
    PRIMARY KEY (account_id, product_id)
);

CREATE TABLE credit_notes (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    issued_at bigint NOT NULL,
    issued_on text NOT NULL CHECK (length(issued_on) = 10),
    currency text NOT NULL CHECK (length(currency) = 3),
    net_minor bigint NOT NULL CHECK (net_minor >= 0),
    line_count integer NOT NULL,
    UNIQUE (account_id, id)
);
CREATE INDEX credit_notes_by_account ON credit_notes (account_id, issued_at);

CREATE TABLE credit_note_lines (
    credit_note_id uuid NOT NULL,
    position integer NOT NULL CHECK (position >= 1),
    account_id uuid NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
    sku text NOT NULL,
    name text NOT NULL,
    unit text NOT NULL,
    quantity integer NOT NULL CHECK (quantity >= 1),
    unit_price bigint NOT NULL CHECK (unit_price >= 0),
    net_minor bigint NOT NULL CHECK (net_minor >= 0),
    PRIMARY KEY (credit_note_id, position),
    FOREIGN KEY (account_id, credit_note_id) REFERENCES credit_notes (account_id, id)
        ON DELETE RESTRICT
);
