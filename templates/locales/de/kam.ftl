desk-accounts =
    { $count ->
        [one] { $count } Kunde in Ihrem Bereich
       *[other] { $count } Kunden in Ihrem Bereich
    }
desk-today = Bestellungen heute
desk-value = Wert heute, netto
desk-self-service = Selbstbedienung, 30 Tage
desk-self-service-none = Keine Bestellungen in der Zeit
desk-self-service-value = { $rate } nach Wert
desk-holds = Offene Entscheidungen
desk-holds-show = Entscheiden
desk-flow = Heutige Bestellungen
desk-all-orders = Alle Bestellungen
desk-quiet-title = Noch ruhig
desk-quiet = Bestellungen erscheinen hier, sobald sie eingehen.
desk-new-order = Eine neue Bestellung ist eingegangen:
desk-new-held = Eine neue Bestellung wartet auf eine Entscheidung:
accounts-count =
    { $count ->
        [one] { $count } Kunde
       *[other] { $count } Kunden
    }
accounts-q = Nummer, Name, Gruppe oder Ort
accounts-none-title = Kein Kunde passt
accounts-none = Versuchen Sie einen anderen Namen, Ort oder eine andere Nummer.
accounts-all = Alle Kunden zeigen
last-order-date = Letzte Bestellung
orders-12m = Bestellungen, 12 Monate
revenue-12m = Umsatz, 12 Monate
trend = Verlauf
trend-alt = Umsatz von { $name } in den letzten zwölf Monaten
act = Für sie bestellen
act-named = Für sie bestellen: { $name }
acting-started = Sie bestellen jetzt für { $name }.
acting-stopped = Sie bestellen nicht mehr für { $name }.
account-parent = gehört zu { $name }
account-prices = Preise
account-facts = Konditionen
price-lists = Preislisten nach Rang
price-lists-none = Keine Preisliste gilt: Alles ist auf Anfrage.
prices = Preise
contracts = Verträge
contracts-none = Kein Vertrag.
discount-on-sku = { $rate } auf { $name }
discount-on-brand = { $rate } auf die Marke { $name }
discount-on-category = { $rate } auf { $name }
discount-on-everything = { $rate } auf alles
recent-orders = Letzte Bestellungen
vat-id = USt-IdNr.
credit-limit = Kreditlimit
credit-limit-none = keines vereinbart
kams = Ansprechpersonen
