-- Two prices of one list, item, unit and tier may not be valid on the same day.
CREATE TRIGGER price_rows_no_overlap_insert AFTER INSERT ON price_rows
WHEN EXISTS (
    SELECT 1 FROM price_rows o
    WHERE o.price_list_id = NEW.price_list_id AND o.product_id = NEW.product_id
      AND o.unit = NEW.unit AND o.min_quantity = NEW.min_quantity
      AND o.valid_from <> NEW.valid_from
      AND o.valid_from < NEW.valid_until AND NEW.valid_from < o.valid_until)
BEGIN SELECT RAISE(ABORT, 'price_rows_no_overlap'); END;
CREATE TRIGGER price_rows_no_overlap_update AFTER UPDATE ON price_rows
WHEN EXISTS (
    SELECT 1 FROM price_rows o
    WHERE o.price_list_id = NEW.price_list_id AND o.product_id = NEW.product_id
      AND o.unit = NEW.unit AND o.min_quantity = NEW.min_quantity
      AND o.valid_from <> NEW.valid_from
      AND o.valid_from < NEW.valid_until AND NEW.valid_from < o.valid_until)
BEGIN SELECT RAISE(ABORT, 'price_rows_no_overlap'); END;
