home-title = Schön, Sie zu sehen, { $name }
home-cart =
    { $count ->
        [one] { $count } Position im Warenkorb
       *[other] { $count } Positionen im Warenkorb
    }
home-quick-order-problems =
    { $count ->
        [one] Eine Zeile Ihrer Schnellbestellung braucht eine Entscheidung.
       *[other] { $count } Zeilen Ihrer Schnellbestellung brauchen eine Entscheidung.
    }
home-quick-order-solve = Jetzt klären
home-usual = Was Sie sonst bestellen
home-usual-all = Alles bisher Gekaufte
home-usual-none-title = Zuletzt nichts gekauft
home-usual-none = Was Sie bestellen, steht dann hier, mit der letzten Menge.
home-open = Offene Bestellungen
home-open-none = Keine offenen Bestellungen.
home-last = Letzte Bestellungen
home-last-all = Alle Bestellungen
home-last-none = Ihre Bestellungen stehen dann hier.
home-new-title = Ihr Platz ist eingerichtet
home-new-text = Nach der ersten Bestellung finden Sie hier, was Sie sonst kaufen. Suchen Sie im Katalog oder fügen Sie eine Liste in die Schnellbestellung ein.
home-new-action = Katalog öffnen
