gaps-title = Lücken gegenüber ähnlichen Händlern
gaps-all = { $count ->
    [one] 1 Lücke insgesamt
   *[other] Alle { $count } Lücken
    }
gaps-none-title = Keine Lücken
gaps-none = Dieser Kunde bestellt alles, was mehrere ähnliche Händler bestellen.
gaps-back = Zurück zum Kunden
gaps-buyers = Bestellen ihn
gaps-of = { $buyers } von { $of }
gaps-take = Je Händler in 28 Tagen
gaps-seldom = gelegentlich
gaps-worth = { $amount } zu seinen Preisen
insight-none-yet = Sobald es Bestellungen gibt, aus denen sich lernen lässt, steht es hier.
due-title = Fällig und überfällig
due-none = Nichts, was dieser Kunde regelmäßig bestellt, ist diese Woche fällig.
due-shown = { $shown } von { $count }
due-rhythm = { $every ->
        [one] jeden Tag
       *[other] alle { $every } Tage
    }, zuletzt { $ago ->
        [0] heute
        [one] gestern
       *[other] vor { $ago } Tagen
    }
due-late = { $days ->
        [one] 1 Tag überfällig
       *[other] { $days } Tage überfällig
    }
due-today = heute fällig
due-soon = { $days ->
        [one] morgen fällig
       *[other] fällig in { $days } Tagen
    }
similar-title = Wie dieser Kunde
similar-none = Noch kein anderer Kunde bestellt dieselben Artikel.
similar-percent = zu { $percent } % ähnlich
similar-shared = { $count ->
        [one] 1 gemeinsamer Artikel
       *[other] { $count } gemeinsame Artikel
    }
similar-others = { $count ->
        [one] und 1 Kunde, den eine andere Person betreut
       *[other] und { $count } Kunden, die andere betreuen
    }
similar-others-only = { $count ->
        [one] 1 Kunde, den eine andere Person betreut, bestellt ähnlich.
       *[other] { $count } Kunden, die andere betreuen, bestellen ähnlich.
    }
rising-title = Steigende Artikel
rising-none = Von nichts wird mehr bestellt als in den { $days } Tagen davor.
falling-title = Fallende Artikel
falling-none = Von nichts wird weniger bestellt als in den { $days } Tagen davor.
trend-days = die letzten { $days } Tage gegen die { $days } davor
trend-before = Zuvor
trend-now = Jetzt
trend-bar = Als Balken, oben zuvor, unten jetzt
gaps-category = Warengruppe
ranked-link = Kunden nach erwartetem Gewinn
ranked-title = Kunden nach erwartetem Gewinn
ranked-lead = Was jeder Kunde wegen der Aktion voraussichtlich zusätzlich bestellt, abzüglich dessen, was die Aktion gewährt. Unter null kostet sie mehr, als sie bringt.
ranked-most = Gereiht sind die { $most }, die zuletzt bestellt haben, von { $reached } erreichten Kunden.
ranked-csv = Als CSV herunterladen
ranked-back = Zurück zur Aktion
ranked-not-ready-title = Noch nichts zum Reihen
ranked-none-title = Kein Kunde zu reihen
ranked-none = Keiner der erreichten Kunden sieht ihre Artikel und hat einen Preis dafür, oder es ist nichts davon zu haben.
ranked-value = Erwarteter Gewinn
ranked-bar = Erwarteter Gewinn als Balken
ranked-saving = Spart am Üblichen
ranked-items = Bestellt wohl
gaps-no-peers = Noch gibt es keinen ähnlichen Kunden zum Vergleich.
