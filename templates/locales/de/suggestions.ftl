reason-often-ordered =
    { $reader ->
        [buyer]
            { $of ->
                [one] in Ihrer letzten Bestellung
               *[other]
                    { $all ->
                        [yes] in jeder Ihrer letzten { $of } Bestellungen
                       *[no] in { $times } Ihrer letzten { $of } Bestellungen
                    }
            }
       *[staff]
            { $of ->
                [one] in der letzten Bestellung
               *[other]
                    { $all ->
                        [yes] in jeder der letzten { $of } Bestellungen
                       *[no] in { $times } der letzten { $of } Bestellungen
                    }
            }
    }
reason-rhythm =
    { $every ->
        [one] etwa jeden Tag
       *[other] etwa alle { $every } Tage
    }, { $ago ->
        [0] zuletzt heute
        [one] zuletzt gestern
       *[other] zuletzt vor { $ago } Tagen
    }
reason-last-ordered = zuletzt am { $date }: { $quantity }
reason-count = { $count }
reason-quantity = { $pieces }
reason-quantity-packs = { $packs } ({ $pieces })
reason-season =
    { $reader ->
        [buyer] vor einem Jahr um diese Zeit bestellten Sie es ({ $date })
       *[staff] vor einem Jahr um diese Zeit bestellt ({ $date })
    }
reason-goes-with = passt zu { $name }: in { $share } der Bestellungen damit ({ $with } von { $of })
reason-replaces =
    { $switched ->
        [0] tritt an die Stelle von { $name }
        [one] tritt an die Stelle von { $name }: ein Händler ist umgestiegen
       *[other] tritt an die Stelle von { $name }: { $switched } Händler sind umgestiegen
    }
reason-variant = eine Variante von { $name }
reason-promotion = in der Aktion „{ $name }“
reason-like =
    { $reader ->
        [buyer] { $buyers } der { $of } Händler, die Ihnen am ähnlichsten sind, bestellen es
       *[staff] { $buyers } der { $of } ähnlichsten Händler bestellen es
    }
reason-kind =
    { $reader ->
        [buyer] { $buyers } von { $of } Händlern Ihrer Art bestellen es
       *[staff] { $buyers } von { $of } Händlern gleicher Art bestellen es
    }
reason-popular = { $buyers } von allen { $of } Händlern bestellen es
reason-rising =
    verkauft sich { $whole },{ $tenth }-mal so gut wie zuvor: { $recent ->
        [one] eine Bestellung
       *[other] { $recent } Bestellungen
    } in 4 Wochen, { $before } in den 52 Wochen davor
reason-rising-new =
    neue Nachfrage: { $recent ->
        [one] eine Bestellung
       *[other] { $recent } Bestellungen
    } in 4 Wochen, keine in den 52 Wochen davor
reason-category =
    { $reader ->
        [buyer]
            { $orders ->
                [one] aus { $name }, woraus Sie einmal bestellt haben
               *[other] aus { $name }, woraus Sie { $orders }-mal bestellt haben
            }
       *[staff]
            { $orders ->
                [one] aus { $name }, woraus einmal bestellt wurde
               *[other] aus { $name }, woraus { $orders }-mal bestellt wurde
            }
    }
reason-brand =
    { $reader ->
        [buyer]
            { $orders ->
                [one] von { $name }, einer Marke, die Sie einmal bestellt haben
               *[other] von { $name }, einer Marke, die Sie { $orders }-mal bestellt haben
            }
       *[staff]
            { $orders ->
                [one] von { $name }, einer Marke, die einmal bestellt wurde
               *[other] von { $name }, einer Marke, die { $orders }-mal bestellt wurde
            }
    }
reason-just-added = neu im Sortiment, noch von niemandem bestellt
reasons-label = Warum dies vorgeschlagen wird
dismiss-not-now = Jetzt nicht
dismiss-not-for-us = Nichts für uns
dismiss-done = { $name } wird vor dem { $date } nicht wieder vorgeschlagen.
dismiss-undo = Rückgängig
dismiss-undone = { $name } darf wieder vorgeschlagen werden.
dismiss-take-back = Wieder vorschlagen
dismissed-title = Nicht vorgeschlagen
dismissed-text = Was Ihre Firma derzeit nicht vorgeschlagen haben möchte. Suchen und bestellen lässt es sich wie immer.
dismissed-said = Antwort
dismissed-until = Nicht vor
dismissed-none-title = Nichts ist ausgenommen
dismissed-none = Was Sie oder Ihre Kollegen mit „Jetzt nicht“ oder „Nichts für uns“ beantworten, steht hier und lässt sich zurücknehmen.
dismissed-home = Zu Ihrer Bestellung
dismissed-link = Nicht vorgeschlagen
dismiss-what = { $name } nicht vorschlagen
dismiss-help = Nimmt es für Ihre ganze Firma heraus: für eine Weile, oder für ein halbes Jahr.
