# Shorthands; everything here can be typed out.

# Kontor with the demo brand, on http://127.0.0.1:8080
run:
    cargo run

# What a change has to pass
ci:
    .ci/run

# The tests that need nothing else running
test *filter:
    cargo test --workspace {{filter}}

# A PostgreSQL for development: POSTGRES_PASSWORD in .env, just db, then
# DATABASE_URL=postgres://kontor:PASSWORD@127.0.0.1:25432/kontor KONTOR_MIGRATE=on just run
db:
    docker compose up -d postgres

# A campaign of 5,000 mails whose mail server and one of whose workers are killed on the way
mail-crash mails="5000" kills="12":
    KONTOR_MAILS={{mails}} KONTOR_KILLS={{kills}} cargo test -p portal --test it mail_crash -- --nocapture --test-threads 1

# The benches, each with its figure and what it is measured against
bench:
    cargo bench -p portal

# The recommender against what it has to beat, on folders of purchase histories
evaluate dir="../shared/data/baskets" *options="":
    cargo run --release -p recommender --example table -- {{dir}} {{options}}

# A season of the demo world, ordered with and without suggestions: docs/season.md
season *options="":
    cargo run -p portal --example season -- {{options}}

# What campaigns' results say where the truth is known: docs/campaign-effect.md
campaign-effect *options="":
    cargo run -p portal --example campaign_effect -- {{options}}
