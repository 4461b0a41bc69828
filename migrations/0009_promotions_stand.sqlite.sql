-- A promotion that was submitted is stopped, not rewritten; its words go back to draft first.
CREATE TRIGGER promotions_stand BEFORE UPDATE ON promotions
WHEN OLD.state <> 'draft' AND (NEW.mechanic <> OLD.mechanic OR NEW.currency <> OLD.currency
    OR NEW.valid_from <> OLD.valid_from OR NEW.valid_until <> OLD.valid_until
    OR NEW.audience <> OLD.audience OR NEW.priority <> OLD.priority
    OR NEW.exclusivity_class IS NOT OLD.exclusivity_class
    OR NEW.fund_id IS NOT OLD.fund_id
    OR NEW.most_uses IS NOT OLD.most_uses
    OR NEW.most_uses_per_account IS NOT OLD.most_uses_per_account
    OR NEW.cap_minor IS NOT OLD.cap_minor)
BEGIN SELECT RAISE(ABORT, 'promotions_stand'); END;
CREATE TRIGGER fund_entries_no_update BEFORE UPDATE ON fund_entries
BEGIN SELECT RAISE(ABORT, 'fund_entries is append-only'); END;
CREATE TRIGGER fund_entries_no_delete BEFORE DELETE ON fund_entries
BEGIN SELECT RAISE(ABORT, 'fund_entries is append-only'); END;
