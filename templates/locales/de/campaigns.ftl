campaign-title = Händler per E-Mail informieren
campaign-link = Händler per E-Mail informieren
campaign-lead =
    { $cap ->
        [0] Niemand erhält Aktionsmails: die Marke erlaubt keine. Das ändern Sie in den Einstellungen der Nachrichten.
        [one] Jeder erhält die Aktion zu den eigenen Preisen, mit den üblichen Mengen und einem Knopf, der die Bestellung vorbereitet. Niemand erhält mehr als eine Aktionsmail in sieben Tagen, und niemand zu einer stillen Stunde.
       *[other] Jeder erhält die Aktion zu den eigenen Preisen, mit den üblichen Mengen und einem Knopf, der die Bestellung vorbereitet. Niemand erhält mehr als { $cap } Aktionsmails in sieben Tagen, und niemand zu einer stillen Stunde.
    }
campaign-not-approved = „{ $name }“ ist noch nicht freigegeben. Lassen Sie die Aktion erst freigeben; dann können Händler davon erfahren.
campaign-promotion-over = „{ $name }“ ist vorbei. Kopieren Sie die Aktion, um sie erneut laufen zu lassen, und informieren Sie über die Kopie.
campaign-go-on = Kampagne öffnen
campaign-under-way = Eine Kampagne läuft bereits. Stoppen Sie sie zuerst, oder warten Sie, bis sie fertig ist.
campaign-none-planned = Es ist keine Kampagne geplant, die begonnen werden könnte. Planen Sie zuerst eine.
campaign-none-open = Es gibt keine Kampagne zu stoppen: keine ist geplant oder läuft.
campaign-not-begun = Die Aktion hat noch nicht begonnen: eine jetzt vorbereitete Bestellung bekäme sie nicht. Lassen Sie die Kampagne für den ersten Tag oder später geplant.
campaign-no-mail = { $name } bekäme keine E-Mail: { $because }.
campaign-state-planned = Geplant
campaign-state-drawing = Die Empfänger werden ausgewählt
campaign-state-sending = Läuft
campaign-state-finished = Fertig
campaign-state-stopped = Gestoppt
campaign-planned-by = geplant von { $name }
campaign-announced = Ankündigung
campaign-at = { $time } nach der Uhr jedes Lesers
campaign-reminder = Erinnerung an alle, die nicht bestellt haben
campaign-reminder-none = keine
campaign-holdout = Zum Vergleich nicht informiert
campaign-most = Nur die besten
campaign-accounts =
    { $count ->
        [one] { $count } Kunde
       *[other] { $count } Kunden
    }
campaign-of-accounts =
    { $count ->
        [one] von { $count } informierten Kunden
       *[other] von { $count } informierten Kunden
    }
campaign-started = Begonnen
campaign-finished = Fertig
campaign-stopped = Gestoppt
campaign-stopped-by-itself = weil die Aktion nicht mehr läuft
campaign-told = Informierte Personen
campaign-waiting = Warten auf ihre Stunde
campaign-skipped =
    { $count ->
        [one] { $count } ausgelassen
       *[other] { $count } ausgelassen
    }
campaign-clicked = Vorbereitete Bestellung geöffnet
campaign-ordered = Kunden, die damit bestellt haben
campaign-plan = Planen
campaign-plan-again = Eine weitere planen
campaign-change = Planung ändern
campaign-keep = Kampagne planen
campaign-save = Planung speichern
campaign-start = Jetzt senden
campaign-stop = Stoppen
campaign-when = Ankündigen
campaign-when-now = jetzt; zu stiller Stunde am nächsten Morgen des Lesers
campaign-when-morning = an einem Tag, am Morgen jedes Lesers ({ $time } nach seiner Uhr)
campaign-when-minute = an einem Tag, zu einer Uhrzeit nach der Uhr jedes Lesers
campaign-on = Tag
campaign-time = Uhrzeit
campaign-remind-on = Erinnern am
campaign-remind-hint = Wer bis dahin nicht bestellt hat. Leer: keine Erinnerung.
campaign-remind-hint-until = Wer bis dahin nicht bestellt hat. Der letzte Tag der Aktion ist der { $date }. Leer: keine Erinnerung.
campaign-holdout-share = Nicht informiert, in Prozent
campaign-holdout-hint = Zufällig gezogene Kunden, damit sich zeigt, was die E-Mails bewirken. 0 bis 50.
campaign-most-accounts = Nur die besten … Kunden
campaign-most-hint = Nach erwartetem Gewinn. Leer: alle, denen sie etwas bringt.
campaign-before-begin = Die Aktion beginnt am { $date }. Wählen Sie diesen oder einen späteren Tag.
campaign-in-the-past = Dieser Tag ist vorbei. Wählen Sie heute oder einen späteren Tag.
campaign-after-end = Die Aktion ist dann vorbei. Wählen Sie einen früheren Tag.
campaign-reminder-too-early = Die Erinnerung muss an einem späteren Tag kommen als die Ankündigung.
campaign-no-date = Das ist kein Datum. Beispiel: 2026-12-01.
campaign-no-time = Geben Sie die Uhrzeit in Stunden und Minuten an, etwa 09:30.
campaign-quiet-hour = Von { $from } bis { $until } erhält niemand E-Mails. Wählen Sie eine andere Zeit.
campaign-no-share = Geben Sie einen Prozentsatz von 0 bis 50 an.
campaign-no-number = Geben Sie eine ganze Zahl ab 1 an, oder lassen Sie das Feld leer.
campaign-done-planned = Geplant. Sie können es ändern, bis der Erste informiert wird.
campaign-done-started = Begonnen: die Ersten werden innerhalb einer Minute informiert.
campaign-done-stopped = Gestoppt: niemand wird mehr informiert.
campaign-drawn = Wen sie informiert
campaign-audience = Wen sie informieren würde
campaign-people =
    { $count ->
        [one] { $count } Person
       *[other] { $count } Personen
    } von { $accounts ->
        [one] { $accounts } Kunden
       *[other] { $accounts } Kunden
    }
campaign-audience-lead =
    { $reached ->
        [one] Die Aktion erreicht einen Kunden. Wer informiert wird, wird am Tag selbst gezogen und vor jeder E-Mail noch einmal geprüft.
       *[other] Die Aktion erreicht { $reached } Kunden. Wer informiert wird, wird am Tag selbst gezogen und vor jeder E-Mail noch einmal geprüft.
    }
campaign-audience-most = Gezeigt werden hier die unter den { $most }, die zuletzt bestellt haben.
campaign-show-excluded = Ausgelassene zeigen
campaign-show-told = Informierte zeigen
campaign-left-out-people = Ausgelassene Personen:
campaign-nobody-title = Niemand
campaign-nobody = Unter den Kunden, die sie erreicht, ist niemand, der davon hören will und etwas davon hat.
campaign-persons = Leser
campaign-place = Nr. { $place }
campaign-held-out = zum Vergleich nicht informiert
campaign-daily = mit der täglichen E-Mail
campaign-message-waiting = wird informiert
campaign-message-mailed = wurde informiert
campaign-message-skipped = ausgelassen
campaign-mail-to = an { $name } <{ $email }>
campaign-mail-first = Ankündigung zeigen
campaign-mail-reminder = Erinnerung zeigen
campaign-mail-close = Schließen
campaign-mail-text = Als reiner Text
campaign-excluded-no-user = niemand bestellt für den Kunden
campaign-excluded-no-item = sieht keinen ihrer Artikel oder hat keinen Preis dafür
campaign-excluded-nothing-gained = bringt nichts auf das, was üblicherweise bestellt wird
campaign-excluded-not-reached = die Aktion erreicht den Kunden nicht
campaign-excluded-disabled = darf sich nicht anmelden
campaign-excluded-unsubscribed = möchte keine Aktionsmails
campaign-excluded-suppressed = E-Mails an die Adresse kamen zurück
campaign-excluded-capped = hatte die Aktionsmails dieser Woche
campaign-excluded-ordered = hat damit bestellt
campaign-excluded-stopped = die Kampagne wurde gestoppt
campaign-excluded-over = die Aktion ist vorbei
