# Das PDF einer Bestellung, und warum eine Bestellung abgelehnt wurde.
document-title-received = Bestelleingang – noch nicht bestätigt:
document-introduction-held = Die Bestellung wartet auf eine Entscheidung. Verbindlich wird sie mit der Bestätigung, die per E-Mail folgt.
document-title-confirmed = Auftragsbestätigung
document-title-cancelled = Stornierte Bestellung
document-order-number = Bestellung
document-order-date = Datum
document-requested-date = Wunschtermin
document-po-number = Ihre Nummer
document-account = Kunde
document-ship-to = Lieferadresse
document-terms = Zahlungsziel
document-vat-id = USt-IdNr.
document-position = Pos.
document-sku = Art.-Nr.
document-product = Artikel
document-quantity = Menge
document-unit-price = Einzelpreis
document-line-net = Netto
document-date-format = %d.%m.%Y
document-net = Netto
document-vat = USt.
document-gross = Gesamt
document-reason-intra-community = Innergemeinschaftliche Lieferung, Artikel 138 Richtlinie 2006/112/EG
document-reason-export = Ausfuhrlieferung, Artikel 146 Richtlinie 2006/112/EG
document-back-ordered = { $quantity } im Rückstand
document-closing = Preise netto, soweit nicht anders angegeben. Vielen Dank für Ihre Bestellung.
refused-account-blocked = Dieses Konto ist für Bestellungen gesperrt. Ihr Warenkorb blieb erhalten; bitte rufen Sie uns an.
refused-empty = Es gibt noch nichts zu bestellen.
refused-empty-next = Wählen Sie etwas aus dem Katalog.
refused-already-submitted = Dieser Warenkorb wurde bereits abgeschickt: Es ist die Bestellung { $number }.
refused-already-submitted-next = Bestellung { $number } ansehen
refused-key-reused = Dieser Schlüssel gehört schon zu einer anderen Bestellung. Senden Sie eine neue Bestellung mit einem neuen Schlüssel.
refused-unknown-ship-to = Diese Lieferadresse gibt es nicht oder nicht mehr. Wählen Sie eine andere.
refused-date-passed = Der Wunschtermin liegt in der Vergangenheit. Wählen Sie heute oder einen späteren Tag.
refused-not-cancellable = Diese Bestellung kann nicht mehr storniert werden.
refused-lines = { $count ->
    [one] Eine Zeile kann so nicht bestellt werden. Es wurde nichts bestellt, Ihr Warenkorb blieb erhalten.
   *[other] { $count } Zeilen können so nicht bestellt werden. Es wurde nichts bestellt, Ihr Warenkorb blieb erhalten.
}
refused-lines-next = Im Warenkorb berichtigen
refused-total-changed = Preise haben sich geändert, seit Sie sie gesehen haben. Es wurde nichts bestellt, Ihr Warenkorb blieb erhalten.
refused-total-changed-next = Neue Summe prüfen und erneut abschicken
reorder-quantity = aus { $before } wurden { $after }, die nächste bestellbare Menge
reorder-price = { $after } statt { $before }
reorder-substitute = statt { $sku }, das nicht mehr verkauft wird
reorder-done = { $count ->
    [one] Eine Zeile wurde zu heutigen Preisen in Ihren Warenkorb gelegt.
   *[other] { $count } Zeilen wurden zu heutigen Preisen in Ihren Warenkorb gelegt.
}
reorder-nothing = Aus dieser Bestellung ist nichts mehr bestellbar.
cancelled-done = Bestellung { $number } wurde storniert.
