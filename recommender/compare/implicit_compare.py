"""The recommender beside the library implicit (ALS with 64 factors, BM25 item to item), on the
same files, in one run: accuracy on users to test on, processor seconds to fit, processor
microseconds a user, peak memory. Each method runs in a process of its own.

    pip install implicit
    python3 recommender/compare/implicit_compare.py ../shared/data/baskets/online-retail-last
"""

import argparse, csv, gzip, json, math, os, re, resource, subprocess, sys, tempfile, time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def read(folder, name):
    path = next(p for p in (f"{folder}/{name}", f"{folder}/{name}.gz") if os.path.exists(p))
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return (gzip.open if packed else open)(path, "rt", encoding="utf-8")


def baskets(folder, name):
    found = {}
    with read(folder, name) as file:
        for row in csv.DictReader(file):
            found.setdefault(row["user"], []).append(int(row["item"]))
    return found


def with_implicit(folder, keys, method, out):
    import numpy, scipy.sparse
    from implicit.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import BM25Recommender

    history = baskets(folder, "history.csv")
    users = {user: at for at, user in enumerate(history)}
    rows = [users[user] for user, items in history.items() for _ in items]
    columns = [item for items in history.values() for item in items]
    counts = scipy.sparse.csr_matrix((numpy.ones(len(rows), "float32"), (rows, columns)))
    model = AlternatingLeastSquares(factors=64, random_state=1) if method == "als" else BM25Recommender(K=100)
    begun = time.process_time()
    model.fit(counts, show_progress=False)
    fit = time.process_time() - begun
    lists, begun = {}, time.process_time()
    for user in keys["test"]:
        at = users.get(str(user))
        if at is not None:
            found, _ = model.recommend(at, counts[at], N=20, filter_already_liked_items=False)
            lists[str(user)] = [int(item) for item in found]
    micros = (time.process_time() - begun) * 1e6 / len(keys["test"])
    json.dump(lists, open(out, "w"))
    return fit, micros, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def with_ours(folder, keyset, out):
    command = "cargo run --quiet --release -p recommender --example evaluate --".split()
    said = subprocess.run(command + [folder, "--keyset", keyset, "--out", out], check=True, text=True, capture_output=True)
    number = lambda pattern: float(re.search(pattern, said.stdout).group(1))
    return number(r"([\d.]+) processor seconds"), number(r"([\d.]+) of them processor"), number(r"peak memory: ([\d.]+)")


def accuracy(lists, future, users):
    sums = [0.0] * 6
    for user in users:
        truth = set(future[user])
        for at, k in ((0, 10), (3, 20)):
            hits = [place for place, item in enumerate(lists.get(user, [])[:k]) if item in truth]
            gain = lambda places: sum(1 / math.log2(place + 2) for place in places)
            sums[at] += len(hits) / len(truth)
            sums[at + 1] += gain(hits) / gain(range(len(truth)))
            sums[at + 2] += bool(hits)
    return [value / len(users) for value in sums]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder")
    arguments.add_argument("--keyset", default="keyset_0.json")
    arguments.add_argument("--only", help=argparse.SUPPRESS)
    arguments.add_argument("--out", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    with read(given.folder, given.keyset) as file:
        keys = json.load(file)
    if given.only:
        print(json.dumps(with_implicit(given.folder, keys, given.only, given.out)))
        return
    future = baskets(given.folder, "future.csv")
    users = [str(user) for user in keys["test"] if str(user) in future]
    print("| | R@10 | N@10 | PHR@10 | R@20 | N@20 | PHR@20 | fit, CPU s | CPU µs a user | peak MiB |\n|---" + "|---" * 9 + "|")
    for name, method in (("implicit ALS-64", "als"), ("implicit BM25", "bm25"), ("Kontor", None)):
        with tempfile.TemporaryDirectory() as scratch:
            out = f"{scratch}/lists.json"
            if method:
                again = [sys.executable, __file__, given.folder, "--keyset", given.keyset, "--only", method, "--out", out]
                fit, micros, peak = json.loads(subprocess.run(again, check=True, text=True, capture_output=True).stdout)
            else:
                packed = f"{given.keyset}.gz" if not os.path.exists(f"{given.folder}/{given.keyset}") else given.keyset
                fit, micros, peak = with_ours(given.folder, packed, out)
            figures = accuracy(json.load(open(out)), future, users)
        print(f"| {name} | " + " | ".join(f"{f:.4f}" for f in figures) + f" | {fit:.1f} | {micros:.0f} | {peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
