sign-in-wrong = E-Mail und Passwort passen nicht zusammen. Prüfen Sie beides oder setzen Sie ein neues Passwort.
problem-not-found = Diesen Artikel gibt es in Ihrem Sortiment nicht.
problem-price-on-request = Der Preis ist auf Anfrage: Fragen Sie uns oder entfernen Sie die Position.
problem-stock-short = Nur { $available } sind verfügbar.
problem-stock-short-expected = Nur { $available } sind verfügbar; weitere werden { $date } erwartet.
