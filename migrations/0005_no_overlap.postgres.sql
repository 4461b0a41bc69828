-- Two prices of one list, item, unit and tier may not be valid on the same day.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE price_rows ADD CONSTRAINT price_rows_no_overlap EXCLUDE USING gist (
    price_list_id WITH =,
    product_id WITH =,
    unit WITH =,
    min_quantity WITH =,
    int4range(replace(valid_from, '-', '')::int4, replace(valid_until, '-', '')::int4) WITH &&
);
