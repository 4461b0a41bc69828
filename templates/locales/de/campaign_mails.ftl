promotion-mail-subject = { $promotion } – { $brand }
promotion-mail-subject-saving = { $promotion }: { $saving } weniger für das, was Sie üblicherweise bestellen
promotion-mail-subject-reminder = Noch nicht bestellt: { $promotion }
promotion-mail-subject-weekday = { $promotion } endet am { $weekday ->
        [1] Montag
        [2] Dienstag
        [3] Mittwoch
        [4] Donnerstag
        [5] Freitag
        [6] Samstag
       *[7] Sonntag
    }
promotion-mail-ends-weekday = „{ $promotion }“ endet am { $weekday ->
        [1] Montag
        [2] Dienstag
        [3] Mittwoch
        [4] Donnerstag
        [5] Freitag
        [6] Samstag
       *[7] Sonntag
    }.
promotion-mail-ends-on = „{ $promotion }“ endet am { $date }.
promotion-mail-goes-on = „{ $promotion }“ gilt weiterhin.
promotion-mail-not-ordered = Sie haben damit noch nicht bestellt.
promotion-mail-until = Bis { $date }.
promotion-mail-saves =
    { $ahead ->
        [yes] Sie sparen { $saving } auf das, was Sie während der Laufzeit abnehmen, auf einmal bestellt.
       *[no] Sie sparen { $saving } auf die Mengen unten.
    }
promotion-mail-along =
    { $ahead ->
        [yes] Ware im Wert von { $along } gibt es gratis zu dem, was Sie während der Laufzeit abnehmen, auf einmal bestellt.
       *[no] Ware im Wert von { $along } gibt es gratis zu den Mengen unten.
    }
promotion-mail-items =
    { $ahead ->
        [yes] Was Sie während der Laufzeit abnehmen
       *[no] Ihre Mengen
    }
promotion-mail-price = Ihr Preis
promotion-mail-instead = statt { $before }
promotion-mail-more =
    { $count ->
        [one] Und ein weiterer Artikel.
       *[other] Und { $count } weitere Artikel.
    }
promotion-mail-because = { $name }: { $reason }.
promotion-mail-open = Meine Bestellung vorbereiten
promotion-mail-prices = Ihre eigenen Nettopreise von heute. Nichts wird bestellt, bevor Sie es angesehen und abgeschickt haben.
campaign-note = { $promotion } ist etwas für Sie
campaign-note-saving = { $promotion }: { $saving } weniger für das, was Sie üblicherweise bestellen
campaign-note-reminder = { $promotion } endet bald, und Sie haben damit noch nicht bestellt
campaign-note-report =
    { $ordered ->
        [one] { $promotion }: einer von { $accounts } angeschriebenen Kunden hat bestellt
       *[other] { $promotion }: { $ordered } von { $accounts } angeschriebenen Kunden haben bestellt
    }
campaign-report-subject =
    { $ordered ->
        [0] { $promotion }: was daraus wurde
        [one] { $promotion }: ein Kunde hat bestellt – danke
       *[other] { $promotion }: { $ordered } Kunden haben bestellt – danke
    }
campaign-report-text =
    { $own ->
        [yes] Die E-Mails zu dieser Aktion haben ihre Arbeit getan. Von Ihren { $accounts } angeschriebenen Kunden haben { $ordered } damit bestellt.
       *[no] Die E-Mails zu dieser Aktion haben ihre Arbeit getan. Von { $accounts } angeschriebenen Kunden haben { $ordered } damit bestellt.
    }
campaign-report-mailed = Angeschriebene Personen
campaign-report-clicked = Haben ihre vorbereitete Bestellung geöffnet
campaign-report-ordered = Angeschriebene Kunden, die bestellt haben
campaign-report-holdout = Nicht angeschriebene Kunden, die bestellt haben
campaign-report-of = { $some } von { $all }
campaign-report-orders = Bestellungen mit der Aktion
campaign-report-sales = Umsatz ihrer Artikel darin, netto
campaign-report-thanks = Danke für Ihren Anteil daran.
campaign-report-open = Kampagne ansehen
