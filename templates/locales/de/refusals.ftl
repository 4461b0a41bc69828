sign-in-wrong = E-Mail und Passwort passen nicht zusammen. Prüfen Sie beides oder setzen Sie ein neues Passwort.
problem-not-found = Diesen Artikel gibt es in Ihrem Sortiment nicht.
problem-other-unit = Der Artikel wird nicht in dieser Einheit verkauft.
problem-not-positive = Die Menge muss über 0 liegen.
problem-price-on-request = Der Preis ist auf Anfrage: Fragen Sie uns oder entfernen Sie die Position.
problem-no-tax-rate = Für dieses Lieferland ist kein Steuersatz bekannt. Bitte rufen Sie uns an.
problem-stock-short = Nur { $available } sind verfügbar.
problem-stock-short-expected = Nur { $available } sind verfügbar; weitere werden { $date } erwartet.
