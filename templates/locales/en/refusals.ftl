sign-in-wrong = E-mail and password do not match. Check both, or set a new password.
problem-not-found = There is no such product in your range.
problem-price-on-request = The price is on request: ask us, or remove the line.
problem-stock-short = Only { $available } are available.
problem-stock-short-expected = Only { $available } are available; more is expected { $date }.
