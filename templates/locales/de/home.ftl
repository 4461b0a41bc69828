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
home-order = Ihre übliche Bestellung
home-order-text = Mengen prüfen, abwählen, was Sie nicht brauchen, und in den Warenkorb damit.
home-begin = Womit andere beginnen
home-begin-text = Sie haben noch nichts bestellt. Das bestellen Händler wie Sie am häufigsten; wählen Sie, was Sie ausprobieren möchten.
home-also = Auch fällig
home-also-text = Fällig nach Ihrem eigenen Rhythmus, aber nicht in den meisten Bestellungen. Wählen Sie, was Sie brauchen.
home-tick = { $name } bestellen
home-due =
    { $days ->
        [0] heute fällig
        [one] morgen fällig
       *[other] in { $days } Tagen fällig
    }
home-overdue =
    { $days ->
        [one] einen Tag überfällig
       *[other] { $days } Tage überfällig
    }
home-bars = Ihre letzten { $orders } Bestellungen, die älteste zuerst: { $pieces } { $unit }
home-suggested = Vorschlag: { $quantity }
home-line-total = Positionswert
home-short =
    { $available ->
        [0] Derzeit nicht verfügbar.
       *[other] Nur { $there } verfügbar.
    }
home-short-later =
    { $available ->
        [0] Nicht auf Lager; wird geliefert, sobald es eintrifft.
       *[other] Nur { $there } auf Lager; der Rest wird geliefert, sobald er eintrifft.
    }
home-instead = Stattdessen:
home-take = { $quantity } { $unit } dazu
home-count = Summe ausrechnen
home-total = Netto, vor Aktionen und Fracht
home-ticked =
    { $count ->
        [one] { $count } Position
       *[other] { $count } Positionen
    }
home-chosen = Gewählt:
home-add = Alles in den Warenkorb
home-nothing-ticked = Nichts ist gewählt. Wählen Sie, was Sie bestellen möchten.
home-added =
    { $count ->
        [one] Eine Position liegt im Warenkorb.
       *[other] { $count } Positionen liegen im Warenkorb.
    }
home-added-partly =
    { $count ->
        [one] Eine Position liegt im Warenkorb.
       *[other] { $count } Positionen liegen im Warenkorb.
    } { $refused ->
        [one] Eine nicht: sehen Sie, was dabeisteht.
       *[other] { $refused } nicht: sehen Sie, was dabeisteht.
    }
home-refused =
    { $refused ->
        [one] Die Position lässt sich so nicht bestellen: sehen Sie, was dabeisteht.
       *[other] Diese { $refused } Positionen lassen sich so nicht bestellen: sehen Sie, was dabeisteht.
    }
home-to-cart = Zum Warenkorb
home-tries = Einen Versuch wert
home-tries-text = Neu für Sie.
