-- SQLite cannot add a foreign key to a table that exists; there a trigger holds the rule.
ALTER TABLE users ADD FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE RESTRICT;

CREATE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
