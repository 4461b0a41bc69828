nav-recommender = Recommender
recommender-lead = Learns from every order what retailers will order next. Trained at night where orders came in; an order placed counts at once.
recommender-train = Train now
recommender-asked = The recommender is being trained. This page says how it went.
recommender-goes-on = A training goes on already. This page says how it went.
recommender-running = The recommender is being trained
recommender-waiting = A training is about to begin
recommender-asked-at = Since { $at }.
recommender-because-missing = There is no model that can be used.
recommender-because-nightly = Orders came in since the last one.
recommender-because-outgrown = Many orders came in since the last one.
recommender-because-asked = Somebody asked for it.
recommender-last-try =
    { $count ->
        [one] The first try failed:
       *[other] { $count } tries failed, the last one:
    }
recommender-failed = Training was given up, { $at }
recommender-failed-is =
    { $count ->
        [one] It failed once. The model before it stays in use; train again once the cause is mended.
       *[other] It failed { $count } times. The model before it stays in use; train again once the cause is mended.
    }
recommender-refused = The newest model cannot be used
recommender-damaged = It is not what was stored: its checksum differs.
recommender-foreign = It has the format { $format } of another version of Kontor.
recommender-refused-next = The one before it is asked, or orders are only counted; training makes a new one.
recommender-old = The model is { $count } days old
recommender-old-is =
    { $count ->
        [one] One order was placed or changed since. The worker should have trained by now: see whether one runs.
       *[other] { $count } orders were placed or changed since. The worker should have trained by now: see whether one runs.
    }
recommender-nothing-title = Nothing to learn from yet
recommender-nothing = Once orders are placed, or their history is imported, the recommender learns from them.
recommender-import = Import orders
recommender-none-title = No model yet
recommender-none = Suggestions rest on counted orders until one is trained.
recommender-trained = Trained
recommender-since =
    { $count ->
        [0] no orders since
        [one] one order placed or changed since
       *[other] { $count } orders placed or changed since
    }
recommender-recall = Found in ten suggestions
recommender-baseline = most frequent items: { $share }
recommender-unmeasured = too few orders to measure
recommender-orders = Orders learned from
recommender-of = { $accounts } accounts, { $items } items
recommender-lines = Lines
recommender-time = Training took
recommender-memory = { $count } { $unit } of memory at most
recommender-serving = This process asks the model of { $at } and knows { $orders } orders.
recommender-counting = This process asks no trained model: it counts { $orders } orders.
recommender-rows = Stored models
recommender-size = Size
recommender-format = Format
recommender-state-usable = can be used
recommender-state-damaged = damaged
recommender-state-foreign = other version
refused-training-goes-on = The recommender is being trained already.
refused-training-goes-on-next = See how far it is
job-train_recommender = Training the recommender
