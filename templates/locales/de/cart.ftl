cart-lines =
    { $count ->
        [one] { $count } Position
       *[other] { $count } Positionen
    }
cart-last-changed = Zuletzt geändert von { $name }
cart-added-by = von { $name }
cart-problems =
    { $count ->
        [one] Eine Position kann noch nicht bestellt werden.
       *[other] { $count } Positionen können noch nicht bestellt werden.
    }
cart-update = Ändern
cart-update-named = Menge von { $name } ändern
cart-clear = Warenkorb leeren
cart-cleared = Der Warenkorb ist leer.
cart-line-removed = { $name } ist aus dem Warenkorb entfernt.
cart-checkout = Zur Kasse
cart-checkout-blocked = Klären Sie zuerst die markierten Positionen.
cart-details = Lieferung
cart-details-save = Angaben speichern
cart-details-saved = Die Angaben sind gespeichert.
cart-empty-title = Der Warenkorb ist leer
cart-empty = Was Sie hinzufügen, steht hier für alle in Ihrer Firma, auch nach dem Abmelden.
ship-to = Lieferung an
po-number = Ihre Bestellnummer
po-short = Bestellnr.
requested-date = Wunschliefertermin
requested-date-hint = Leer lassen für den frühesten.
expected-date = Voraussichtliche Lieferung
reorder-title = Bestellung { $number } erneut, zu heutigen Preisen:
reorder-kind-dropped = Ausgelassen
reorder-kind-changed = Geändert
reorder-kind-substituted = Ersetzt
reorder-kind-price-changed = Neuer Preis
checkout-title = Kasse
checkout-back = Zurück zum Warenkorb
checkout-delivery = Lieferung und Referenz
checkout-next = Wie es weitergeht
checkout-next-text = Sie erhalten eine Bestätigung mit PDF per E-Mail. Bis zur Freigabe an das Lager können Sie hier stornieren.
checkout-notice-back-order =
    { $lines ->
        [one] Eine Position wird nachgeliefert.
       *[other] { $lines } Positionen werden nachgeliefert.
    }
checkout-notice-held = Ihre Bestellung wartet auf eine Entscheidung, bevor sie bestätigt wird.
checkout-submit = Bestellung absenden
checkout-confirm-again = Zum neuen Betrag bestellen
checkout-moved = Preise haben sich geändert
checkout-moved-text = Es wurde nichts bestellt. Sehen Sie den Unterschied an und bestätigen Sie erneut.
checkout-before = Vorher
checkout-now = Jetzt
terms-days = Auf Rechnung, zahlbar innerhalb von { $days } Tagen.
terms-receipt = Auf Rechnung, zahlbar bei Erhalt.
cart-refused =
    { $count ->
        [one] Eine Position wurde nicht hinzugefügt
       *[other] { $count } Positionen wurden nicht hinzugefügt
    }
cart-refused-back = Zurück, wo Sie waren
cart-added =
    { $count ->
        [one] Eine Position liegt im Warenkorb.
       *[other] { $count } Positionen liegen im Warenkorb.
    }
checkout-more-lines =
    { $count ->
        [one] und eine weitere Position: siehe Warenkorb
       *[other] und { $count } weitere Positionen: siehe Warenkorb
    }
checkout-not-yet = Der Warenkorb kann noch nicht bestellt werden.
checkout-look-again = Bitte sehen Sie sich den Betrag noch einmal an und senden Sie dann ab.
