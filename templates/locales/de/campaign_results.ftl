campaign-results = Was die Mails bewirkt haben
campaign-result-state-planned = geplant
campaign-result-state-sending = wird versandt
campaign-result-state-finished = versandt
campaign-result-state-stopped = gestoppt
campaign-result-planned = Ankündigung am { $date }. Was daraus wird, steht von der ersten Mail an hier.
campaign-result-remind = Wer bis dahin nicht bestellt hat, wird am { $date } erinnert.
campaign-result-since = Gezählt seit { $from }; { $share } der Kunden, vom Zufall bestimmt, erfahren nichts per Mail.
campaign-result-until = Beendet am { $until }.
campaign-result-running = Gezählt wird, bis die Aktion endet.
campaign-result-own = Nur Ihre Kunden.
campaign-result-nobody = Bei diesen Kunden war niemand anzuschreiben.
campaign-result-others = Andere Ankündigungen:
campaign-effect-more = Die Mails haben etwa { $value } mehr gebracht, zwischen { $low } und { $high }.
campaign-effect-less = Mit Mails haben Kunden für etwa { $value } weniger bestellt: zwischen { $low } und { $high }.
campaign-effect-open-more = Die Mails haben etwa { $value } mehr gebracht, zwischen { $low } und { $high }; noch nicht sicher.
campaign-effect-open-less = Mit Mails haben Kunden für etwa { $value } weniger bestellt, zwischen { $low } und { $high }; das kann Zufall sein.
campaign-effect-caption = Im Balken liegt die wahre Wirkung in 95 von 100 Fällen; die dünne Linie ist gar keine Wirkung. Berührt der Balken die Linie nicht, haben die Mails etwas bewirkt.
campaign-effect-figures = Was die Mails gebracht haben, mit dem Bereich, in dem es liegt
campaign-effect-measure = Kennzahl
campaign-effect-brought = Gebracht
campaign-effect-from = mindestens
campaign-effect-to = höchstens
campaign-effect-sales = Umsatz mit den Artikeln der Aktion, netto, alle informierten Kunden
campaign-effect-sales-each = Dasselbe je Kunde
campaign-effect-orders = Bestellungen mit der Aktion
campaign-effect-share = Anteil der Kunden, die damit bestellt haben
campaign-effect-how = Verglichen werden die Kunden so, wie der Zufall sie bestimmt hat, informiert oder nicht, ob die Mail gelesen wurde oder nicht; was sie in den acht Wochen davor von denselben Artikeln bestellt haben, ist berücksichtigt. Der Bereich gilt für einen Blick am Ende; wer täglich nachsieht und beim ersten guten Tag aufhört, irrt häufiger.
campaign-untold-no-holdout = Was die Mails gebracht haben, lässt sich nicht sagen: Alle Kunden wurden informiert, der Vergleich fehlt. Eine Kontrollgruppe von 10 % oder mehr macht es beim nächsten Mal sichtbar.
campaign-untold-few-held-out =
    { $accounts ->
        [one] Was die Mails gebracht haben, lässt sich nicht sagen: Nur ein Kunde erfuhr nichts. Ab 10 lässt es sich ausrechnen.
       *[other] Was die Mails gebracht haben, lässt sich nicht sagen: Nur { $accounts } Kunden erfuhren nichts. Ab 10 lässt es sich ausrechnen.
    }
campaign-untold-few-told =
    { $accounts ->
        [one] Was die Mails gebracht haben, lässt sich nicht sagen: Nur ein Kunde wurde informiert. Ab 10 lässt es sich ausrechnen.
       *[other] Was die Mails gebracht haben, lässt sich nicht sagen: Nur { $accounts } Kunden wurden informiert. Ab 10 lässt es sich ausrechnen.
    }
campaign-untold-few-ordered =
    { $accounts ->
        [0] Was die Mails gebracht haben, lässt sich noch nicht sagen: Kein Kunde hat Artikel der Aktion bestellt. Ab 5 lässt es sich ausrechnen.
        [one] Was die Mails gebracht haben, lässt sich noch nicht sagen: Ein Kunde hat Artikel der Aktion bestellt. Ab 5 lässt es sich ausrechnen.
       *[other] Was die Mails gebracht haben, lässt sich noch nicht sagen: { $accounts } Kunden haben Artikel der Aktion bestellt. Ab 5 lässt es sich ausrechnen.
    }
campaign-untold-own = Für alle Kunden zusammen sieht das Marketing mehr.
campaign-wave-announcement = Ankündigung
campaign-wave-reminder = Erinnerung
campaign-wave-people =
    { $count ->
        [one] an eine Person
       *[other] an { $count } Personen
    }
campaign-step-written = Geschrieben
campaign-step-sent = Versandt
campaign-step-delivered = Zugestellt
campaign-step-opened = Geöffnet
campaign-step-clicked = Angeklickt
campaign-wave-waiting =
    { $count ->
        [one] Eine Mail wartet auf den Morgen ihrer Leserin oder ihres Lesers.
       *[other] { $count } Mails warten auf den Morgen ihrer Leserinnen und Leser.
    }
campaign-wave-daily =
    { $count ->
        [one] Eine Person erfährt es, wie gewählt, in der täglichen Mail.
       *[other] { $count } Personen erfahren es, wie gewählt, in ihrer täglichen Mail.
    }
campaign-wave-on-the-way =
    { $count ->
        [one] Eine ist auf dem Weg zum Mailserver.
       *[other] { $count } sind auf dem Weg zum Mailserver.
    }
campaign-wave-bounced =
    { $count ->
        [one] Eine kam zurück.
       *[other] { $count } kamen zurück.
    }
campaign-wave-failed =
    { $count ->
        [one] Eine ließ sich nicht versenden und wurde aufgegeben.
       *[other] { $count } ließen sich nicht versenden und wurden aufgegeben.
    }
campaign-without-unsubscribed =
    { $count ->
        [one] Eine Person möchte keine solchen Mails.
       *[other] { $count } Personen möchten keine solchen Mails.
    }
campaign-without-disabled =
    { $count ->
        [one] Eine Person darf sich nicht mehr anmelden.
       *[other] { $count } Personen dürfen sich nicht mehr anmelden.
    }
campaign-without-suppressed =
    { $count ->
        [one] Eine Adresse nimmt keine Mail mehr an.
       *[other] { $count } Adressen nehmen keine Mail mehr an.
    }
campaign-without-capped =
    { $count ->
        [one] Eine Person hatte in dieser Woche genug Aktionsmails.
       *[other] { $count } Personen hatten in dieser Woche genug Aktionsmails.
    }
campaign-without-ordered =
    { $count ->
        [one] Bei einer Person hat das Unternehmen schon bestellt.
       *[other] Bei { $count } Personen hat das Unternehmen schon bestellt.
    }
campaign-without-no-user =
    { $count ->
        [one] Eine Person bestellt nicht mehr für den Kunden.
       *[other] { $count } Personen bestellen nicht mehr für ihren Kunden.
    }
campaign-without-no-item =
    { $count ->
        [one] Für eine Person gab es nichts anzubieten: verborgen oder ohne Preis.
       *[other] Für { $count } Personen gab es nichts anzubieten: verborgen oder ohne Preis.
    }
campaign-without-nothing-gained =
    { $count ->
        [one] Eine Person hätte nichts davon gehabt.
       *[other] { $count } Personen hätten nichts davon gehabt.
    }
campaign-without-not-reached =
    { $count ->
        [one] Den Kunden einer Person erreicht die Aktion nicht mehr.
       *[other] Die Kunden von { $count } Personen erreicht die Aktion nicht mehr.
    }
campaign-without-over =
    { $count ->
        [one] Für eine Person war die Aktion dann schon vorbei.
       *[other] Für { $count } Personen war die Aktion dann schon vorbei.
    }
campaign-without-stopped =
    { $count ->
        [one] Eine Mail wurde nicht geschrieben: Die Ankündigung wurde gestoppt.
       *[other] { $count } Mails wurden nicht geschrieben: Die Ankündigung wurde gestoppt.
    }
campaign-without-other =
    { $count ->
        [one] Eine Person bekam aus einem anderen Grund keine.
       *[other] { $count } Personen bekamen aus anderen Gründen keine.
    }
campaign-arms = Was Kunden seit der Ankündigung bestellt haben
campaign-arm = Kunden
campaign-arm-told = per Mail informiert
campaign-arm-held = nicht informiert
campaign-arm-accounts = Insgesamt
campaign-arm-ordering = Haben mit der Aktion bestellt
campaign-arm-share = Anteil
campaign-arm-orders = Bestellungen damit
campaign-arm-each = Artikel der Aktion, netto je Kunde
campaign-arm-before = In den 8 Wochen davor
