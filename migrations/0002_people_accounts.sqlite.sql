-- users and accounts name each other, so the second key is kept by triggers.
CREATE TRIGGER users_account_insert BEFORE INSERT ON users
WHEN NEW.account_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed'); END;
CREATE TRIGGER users_account_update BEFORE UPDATE OF account_id ON users
WHEN NEW.account_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed'); END;
CREATE TRIGGER accounts_users_delete BEFORE DELETE ON accounts
WHEN EXISTS (SELECT 1 FROM users WHERE account_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed'); END;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
