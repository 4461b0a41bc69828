sign-in-wrong = E-mail and password do not match. Check both, or set a new password.
problem-not-found = There is no such product in your range.
problem-other-unit = The product is not sold in this unit.
problem-not-positive = The quantity must be above 0.
problem-price-on-request = The price is on request: ask us, or remove the line.
problem-no-tax-rate = No VAT rate is known for this delivery country. Please call us.
problem-stock-short = Only { $available } are available.
problem-stock-short-expected = Only { $available } are available; more is expected { $date }.
