-- A promotion that was submitted is stopped, not rewritten; its words go back to draft first.
CREATE FUNCTION promotions_stand() RETURNS trigger AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.mechanic <> OLD.mechanic OR NEW.currency <> OLD.currency
        OR NEW.valid_from <> OLD.valid_from OR NEW.valid_until <> OLD.valid_until
        OR NEW.audience <> OLD.audience OR NEW.priority <> OLD.priority
        OR NEW.exclusivity_class IS DISTINCT FROM OLD.exclusivity_class
        OR NEW.fund_id IS DISTINCT FROM OLD.fund_id
        OR NEW.most_uses IS DISTINCT FROM OLD.most_uses
        OR NEW.most_uses_per_account IS DISTINCT FROM OLD.most_uses_per_account
        OR NEW.cap_minor IS DISTINCT FROM OLD.cap_minor) THEN
        RAISE EXCEPTION 'promotions_stand';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER promotions_stand BEFORE UPDATE ON promotions
    FOR EACH ROW EXECUTE FUNCTION promotions_stand();
CREATE TRIGGER fund_entries_append_only BEFORE UPDATE OR DELETE ON fund_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
