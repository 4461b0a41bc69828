order = Bestellung
order-title = Bestellung { $number }
order-lines =
    { $count ->
        [one] { $count } Bestellposition
       *[other] { $count } Bestellpositionen
    }
order-by = bestellt von { $name }
order-on-behalf-of = im Auftrag von { $name }
order-expected = erwartet { $date }
order-delivery = Lieferung und Rechnung
order-pdf = Bestätigung (PDF)
order-pdf-plain = Bestellung (PDF)
again = Erneut
order-again = Erneut bestellen
order-again-named = Erneut: Bestellung { $number }
order-state-held = Wartet
order-state-confirmed = Bestätigt
order-state-released = Freigegeben
order-state-closed = Abgeschlossen
order-state-cancelled = Storniert
order-state-rejected = Abgelehnt
order-state-expired = Verfallen
orders-count =
    { $count ->
        [one] { $count } Bestellung
       *[other] { $count } Bestellungen
    }
orders-filter = Bestellungen filtern
orders-q = Nummer, Ihre Bestellnummer oder Artikel
orders-q-all = Nummer, Kunde oder Artikel
orders-none-title = Noch keine Bestellungen
orders-none = Bestellungen stehen hier mit Stand und Dokumenten.
orders-none-portfolio = Bestellungen Ihrer Kunden stehen dann hier.
orders-none-found-title = Keine Bestellung passt
orders-none-found = Ändern Sie die Filter oder heben Sie sie auf.
on-behalf = im Auftrag
placed = Bestellt
placed-by = Von
placed-title = Bestellung { $number } ist aufgegeben
placed-next = Sie ist bestätigt und geht als Nächstes ins Lager.
placed-held-title = Die Bestellung ist aufgegeben und wartet
placed-held = Wer entscheidet, weiß Bescheid. Sobald entschieden ist, hören Sie per E-Mail von uns.
placed-mail = Die Bestätigung geht an { $email }.
ordered = Bestellt
confirmed = Bestätigt
shipped = Geliefert
back-ordered = Rückstand
line-cancelled = { $quantity } storniert
timeline = Verlauf
event-placed = Aufgegeben
event-held = Angehalten
event-hold_opened = Entscheidung nötig
event-hold_released = Freigegeben
event-hold_rejected = Abgelehnt
event-hold_expired = Nicht rechtzeitig entschieden
event-allocated = Bestand zugeteilt
event-confirmed = Bestätigt
event-released = An das Lager freigegeben
event-shipped = Geliefert
event-closed = Abgeschlossen
event-cancelled = Storniert
event-rejected = Abgelehnt
event-expired = Verfallen
event-mail-sent = Bestätigung gesendet
event-changed = Geändert
event-imported = Aus dem Vorsystem übernommen
cancel-title = Diese Bestellung stornieren
cancel-text = Die ganze Bestellung wird storniert, reservierter Bestand wird frei. Sagen Sie kurz, warum.
cancel-reason = Grund
cancel-action = Bestellung stornieren
cancelled-flash = Bestellung { $number } ist storniert.
cancel-too-late = Die Bestellung ist schon freigegeben und kann hier nicht mehr storniert werden. Rufen Sie uns an.
credit-notes-none-title = Keine Gutschriften
credit-notes-none = Gutschriften für zurückgegebene Ware stehen hier.
