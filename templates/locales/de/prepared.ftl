prepared-until = Bis { $date }
prepared-endless = Bis auf Weiteres
prepared-usual = Was Sie üblicherweise davon nehmen
prepared-usual-text = Zu Ihren Preisen. Prüfen Sie die Mengen, nehmen Sie den Haken weg, wo Sie nichts brauchen, und legen Sie alles in den Warenkorb.
prepared-ahead = Was Sie davon nehmen, solange sie läuft
prepared-ahead-text = Zu Ihren Preisen, in den Mengen mehrerer Bestellungen auf einmal: bei einer einzelnen gäbe es nichts. Ändern Sie, was Sie möchten.
prepared-items = Artikel der Aktion
prepared-items-text = Üblicherweise nehmen Sie nichts davon. Haken Sie an, was Sie bestellen möchten.
prepared-all = Alle Artikel davon
prepared-none-title = Davon lässt sich gerade nichts bestellen
prepared-none = Ihre Artikel haben für Sie im Moment keinen Preis.
prepared-sum = Was sie daraus macht
prepared-saves = Die Aktion spart auf diese Mengen { $saving }.
prepared-along = Ware im Wert von { $along } kommt kostenlos dazu.
prepared-both = Die Aktion spart auf diese Mengen { $saving }, und Ware im Wert von { $along } kommt kostenlos dazu.
prepared-nothing = Auf diese Mengen gibt die Aktion nichts.
prepared-before = Vor Aktionen
prepared-saving = Diese Aktion
prepared-others = Andere Aktionen
prepared-net = Netto, ohne Fracht
prepared-quoted = So würde ein Warenkorb mit diesen Positionen berechnet. Was schon in Ihrem Warenkorb liegt, kann dazu beitragen.
prepared-blocked = Ihr Konto kann im Moment nicht bestellen. Ansehen können Sie alles; Ihr Kontakt hilft Ihnen weiter.
prepared-change = Mit Ihren Mengen ansehen
prepared-over-title = Diese Aktion gilt jetzt nicht
prepared-not-yet = Sie beginnt am { $date }. Öffnen Sie den Link ab diesem Tag noch einmal.
prepared-ended-on = Sie endete am { $date }.
prepared-ended = Sie ist beendet.
prepared-used = Alles, was sie zu geben hatte, ist vergeben.
prepared-not-for-you = Sie gilt für Ihre Firma nicht mehr.
prepared-kept =
    { $count ->
        [one] Was Sie bestellen wollten, ist noch da: eine Position, ohne diese Aktion.
       *[other] Was Sie bestellen wollten, ist noch da: { $count } Positionen, ohne diese Aktion.
    }
prepared-kept-add = Zu Ihren üblichen Preisen in den Warenkorb
prepared-over-next = Ihre übliche Bestellung und die Aktionen, die jetzt zu Ihnen passen, stehen auf Ihrer Startseite.
prepared-over-home = Zu Ihrer Bestellung
